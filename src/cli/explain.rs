//! `ibid explain`

use std::io::Write;

use ibid::check::{self, Check};

use ibid::fold::nearest;

use super::Outcome;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The rule, as reports name it; without one, all rules are listed
    #[arg(value_name = "RULE", value_parser = rule_named)]
    rule: Option<Rule>,
}

/// A rule by its name.
#[derive(Clone, Copy)]
struct Rule(&'static Check);

fn rule_named(name: &str) -> Result<Rule, String> {
    check::rules().find(|check| check.rule == name).map(Rule).ok_or_else(|| unknown_rule(name))
}

/// What to say of a name that no rule has.
pub(super) fn unknown_rule(name: &str) -> String {
    match nearest(name, check::rules().map(|check| check.rule)) {
        Some(near) => format!("there is no such rule; did you mean {near}?"),
        None => "there is no such rule; `ibid explain` lists them".to_owned(),
    }
}

pub(super) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let mut out = anstream::stdout().lock();
    match args.rule {
        Some(Rule(check)) => one(check, &mut out)?,
        None => all(&mut out)?,
    }
    Ok(Outcome::Clean)
}

fn all(out: &mut impl Write) -> std::io::Result<()> {
    for check in check::rules() {
        writeln!(out, "{:24} {:8} {}", check.rule, check.severity.name(), check.summary)?;
    }
    Ok(())
}

fn one(check: &Check, out: &mut impl Write) -> std::io::Result<()> {
    writeln!(out, "{} ({})\n\n{}", check.rule, check.severity.name(), check.summary)?;
    if !check.explanation.is_empty() {
        writeln!(out, "\n{}", check.explanation)?;
    }
    for example in check.examples {
        let verdict = if example.finds.is_empty() { "Not reported" } else { "Reported" };
        writeln!(out, "\n{verdict}:\n")?;
        for line in example.text.trim_end().lines() {
            writeln!(out, "    {line}")?;
        }
        for message in example.finds {
            writeln!(out, "    → {message}")?;
        }
    }
    Ok(())
}
