//! `ibid config`, and how every command comes by its configuration.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use ibid::config::{self, Config, Origin, SETTINGS};
use serde_json::Value;

use super::Outcome;

/// Where the configuration is.
#[derive(clap::Args)]
#[command(next_help_heading = "Configuration")]
pub(super) struct Configured {
    /// Read this file in place of the nearest ibid.toml in or above the document's folder
    #[arg(long, value_name = "FILE", env = "IBID_CONFIG")]
    config: Option<PathBuf>,
    /// Read no ibid.toml
    #[arg(long, conflicts_with = "config")]
    no_config: bool,
}

impl Configured {
    /// The file that is in force for a document.
    pub(super) fn file(&self, document: Option<&Path>) -> Option<PathBuf> {
        if self.no_config || self.config.is_some() {
            return self.config.clone();
        }
        let document = document.filter(|path| *path != Path::new("-"));
        let folder = document.and_then(|path| if path.is_dir() { Some(path) } else { path.parent() });
        config::find(folder.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))
    }

    /// Everything that is set, for the documents that stand together with the first of them; `given` is
    /// what the command line says.
    pub(super) fn load(
        &self,
        document: Option<&Path>,
        given: Vec<(&'static str, Value)>,
    ) -> anyhow::Result<Config> {
        let mut config = Config::load(self.file(document).as_deref(), |name| std::env::var(name).ok())?;
        for (key, value) in given {
            // Whoever names the whole user agent on the command line means that one, and the reverse.
            match key {
                "network.contact" => config.user_agent = None,
                "network.user-agent" => config.contact = None,
                _ => {}
            }
            config.set(key, value, Origin::CommandLine);
        }
        Ok(config)
    }
}

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Print every setting with where it comes from, in the form of an ibid.toml
    Show {
        #[command(flatten)]
        configured: Configured,
        /// For which document
        document: Option<PathBuf>,
    },
    /// Print the JSON schema of ibid.toml
    Schema,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let mut out = anstream::stdout().lock();
    match &args.act {
        Act::Schema => {
            serde_json::to_writer_pretty(&mut out, &config::schema())?;
            writeln!(out)?;
        }
        Act::Show { configured, document } => {
            let config = configured.load(document.as_deref(), Vec::new())?;
            show(&config, &mut out)?;
        }
    }
    Ok(Outcome::Clean)
}

fn show(config: &Config, out: &mut impl Write) -> anyhow::Result<()> {
    let mut table = "";
    for setting in SETTINGS {
        let (inside, key) = setting.key.split_once('.').unwrap_or(("", setting.key));
        if inside != table {
            writeln!(out, "\n[{inside}]")?;
            table = inside;
        }
        let line = format!("{key} = {}", (setting.show)(config));
        writeln!(out, "{line:40} # {}", origin(config, setting.key))?;
    }
    writeln!(out, "\n[rules]")?;
    for rule in ibid::check::rules() {
        let severity = config.rules.severity_of(rule).map_or("off", ibid::check::Severity::name);
        let line = format!("{} = \"{severity}\"", rule.rule);
        writeln!(out, "{line:40} # {}", origin(config, &format!("rules.{}", rule.rule)))?;
    }
    writeln!(out, "\n[urls]")?;
    for (key, patterns) in [("include", &config.policy.include), ("exclude", &config.policy.exclude)] {
        let line = format!("{key} = {}", serde_json::to_string(patterns)?);
        writeln!(out, "{line:40} # {}", origin(config, &format!("urls.{key}")))?;
    }
    // The values of header fields may be secrets.
    for host in &config.policy.hosts {
        let named: Vec<&str> = host.headers.keys().map(AsRef::as_ref).collect();
        writeln!(out, "\n# host {}: {}", host.host, origin(config, &format!("host.{}", host.host)))?;
        writeln!(
            out,
            "#   gap {:?}, per-host {:?}, accept {:?}, header fields {}",
            host.gap,
            host.per_host,
            host.accept,
            named.join(", ")
        )?;
    }
    for ignore in &config.ignores {
        let until = ignore.until.map_or(String::new(), |day| format!(" until {day}"));
        writeln!(out, "\n# ignore in line {}{until}: {}", ignore.line, ignore.reason)?;
    }
    Ok(())
}

fn origin(config: &Config, key: &str) -> String {
    config.origins.get(key).map_or("built in".to_owned(), ToString::to_string)
}
