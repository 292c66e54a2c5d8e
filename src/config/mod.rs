//! What the user wants of a run: built-in values, then `ibid.toml`, then the environment, then the
//! command line; the later one counts.
//!
//! Adding a setting: one entry in [`SETTINGS`]. The file, the environment, `ibid config show` and the
//! JSON schema follow from it.

mod file;
mod ignore;
mod schema;
mod table;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::check::{Settings, Severity};
use crate::history::Patience;
use crate::history::due::Pace;
use crate::memory::Freshness;
use crate::source::Policy;

pub use ignore::{Ignore, Ignored};
pub use schema::schema;
pub use table::{Kind, SETTINGS, Setting};

/// The name of the file that is looked for.
pub const FILE: &str = "ibid.toml";

/// Everything that the user can set, every field with a value.
#[derive(Debug, Clone)]
pub struct Config {
    /// How sources are fetched.
    pub policy: Policy,
    /// An e-mail address for the user agent.
    pub contact: Option<String>,
    /// The whole user agent.
    pub user_agent: Option<String>,
    /// What earlier runs saw is used and kept.
    pub cache: bool,
    /// Where, in place of the user's cache folder.
    pub cache_file: Option<PathBuf>,
    /// How long it is believed.
    pub freshness: Freshness,
    /// When a source counts as dead.
    pub patience: Patience,
    /// Bounds within which a sweep looks at a source again.
    pub pace: Pace,
    /// The mildest finding that fails a run; `None`: none does.
    pub fail_on: Option<Severity>,
    /// The severities of the rules.
    pub rules: Settings,
    /// Findings that are not reported.
    pub ignores: Vec<Ignore>,
    /// Where each value that is not built in comes from, by its key.
    pub origins: BTreeMap<String, Origin>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            policy: Policy::default(),
            contact: None,
            user_agent: None,
            cache: true,
            cache_file: None,
            freshness: Freshness::default(),
            patience: Patience::default(),
            pace: Pace::default(),
            fail_on: Some(Severity::Error),
            rules: Settings::default(),
            ignores: Vec::new(),
            origins: BTreeMap::new(),
        }
    }
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A line of a file.
    File(PathBuf, usize),
    /// An environment variable.
    Environment(String),
    /// The command line.
    CommandLine,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::File(path, line) => write!(f, "{}:{line}", path.display()),
            Origin::Environment(name) => write!(f, "environment {name}"),
            Origin::CommandLine => f.write_str("command line"),
        }
    }
}

/// What is wrong with what the user set.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// From the system.
        #[source]
        source: std::io::Error,
    },
    /// A place in a file.
    #[error("{}:{line}:{column}: {message}", path.display())]
    Place {
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// In characters, from 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// An environment variable.
    #[error("the environment variable {name}: {message}")]
    Variable {
        /// Its name.
        name: String,
        /// What is wrong with it.
        message: String,
    },
}

impl Config {
    /// Reads the file and the environment. `environment` gives the value of a variable.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or something in it or in the environment that means nothing.
    pub fn load(
        file: Option<&Path>,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let mut config = Config::default();
        if let Some(path) = file {
            file::read(path, &environment, &mut config)?;
        }
        for setting in SETTINGS {
            let name = setting.variable();
            let Some(text) = environment(&name).filter(|text| !text.is_empty()) else { continue };
            let value = setting
                .kind
                .parse(&text)
                .map_err(|message| ConfigError::Variable { name: name.clone(), message })?;
            config.set(setting.key, value, Origin::Environment(name));
        }
        Ok(config)
    }

    /// Gives a setting a value that its [`Kind`] has accepted. A key that does not exist changes
    /// nothing.
    pub fn set(&mut self, key: &str, value: Value, origin: Origin) {
        if let Some(setting) = SETTINGS.iter().find(|setting| setting.key == key) {
            (setting.set)(self, &value);
            self.origins.insert(key.to_owned(), origin);
        }
    }

    /// The policy with its user agent.
    pub fn finished_policy(&self) -> Policy {
        let mut policy = self.policy.clone();
        if let Some(user_agent) = &self.user_agent {
            policy.user_agent.clone_from(user_agent);
        } else if let Some(contact) = &self.contact {
            policy.user_agent = policy.user_agent.replacen(')', &format!("; mailto:{contact})"), 1);
        }
        policy
    }
}

/// The nearest [`FILE`] in a folder or above it.
pub fn find(folder: &Path) -> Option<PathBuf> {
    let folder = std::path::absolute(folder).ok()?;
    folder.ancestors().map(|above| above.join(FILE)).find(|path| path.is_file())
}
