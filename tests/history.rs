//! What became of sources: kept for good, told, counted, and asked again by sweeps.

mod support;

#[path = "support/simulation.rs"]
mod simulation;

#[path = "history/kept.rs"]
mod kept;
#[path = "history/rot.rs"]
mod rot;
#[path = "history/sweeps.rs"]
mod sweeps;

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Runs the program and expects this status.
#[track_caller]
fn ibid(status: i32, args: &[&str]) -> String {
    let output = command(args).output().expect("the program starts");
    text(status, &output)
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ibid"));
    command.args(args).stdin(Stdio::null()).env_remove("CI");
    command
}

#[track_caller]
fn text(status: i32, output: &Output) -> String {
    let error = String::from_utf8_lossy(&output.stderr);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(status), "{error}{text}");
    text
}

#[track_caller]
fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn shown(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}
