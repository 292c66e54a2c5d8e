//! Every rule says of its own examples what they promise, and nothing else.

use std::fmt::Write as _;

use ibid::check::{self, Check, Example};
use ibid::document::{FORMATS, Reading};
use ibid::run;

/// What a rule says of a document, offline.
fn findings(check: &Check, example: &Example) -> Vec<String> {
    let format = FORMATS.iter().find(|format| format.name == example.format).expect("a known format");
    let document = (format.read)(example.text.as_bytes(), &Reading::default()).expect("the example is read");
    let read = run::understand("example".to_owned(), format.name, document);
    let report = run::extract(vec![read]);
    report.findings.into_iter().filter(|f| f.rule == check.rule).map(|f| f.message.into_owned()).collect()
}

#[test]
fn rules_keep_the_promise_of_their_examples() {
    let mut wrong = String::new();
    for check in check::rules() {
        for example in check.examples {
            let got = findings(check, example);
            let kept = got.len() == example.finds.len()
                && got.iter().zip(example.finds).all(|(message, part)| message.contains(part));
            if !kept {
                let (rule, text, want) = (check.rule, example.text, example.finds);
                writeln!(wrong, "\n{rule} of\n{text}\n  want {want:?}\n  got  {got:?}").unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_rule_is_explained() {
    let mut names: Vec<&str> = check::rules().map(|check| check.rule).collect();
    for check in check::rules() {
        assert!(check.rule.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
        assert!(check.explanation.len() > 80, "{} is not explained", check.rule);
        let (fires, silent): (Vec<&Example>, Vec<&Example>) =
            check.examples.iter().partition(|example| !example.finds.is_empty());
        assert!(check.examples.is_empty() || !silent.is_empty(), "{} shows no near miss", check.rule);
        assert!(check.examples.is_empty() || !fires.is_empty(), "{} shows no finding", check.rule);
    }
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count, "two rules share a name");
}
