//! JSON, with the curves: days, and shares of one.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::super::Standing;
use super::{Group, Rot};

/// Points of a curve.
const POINTS: usize = 400;

pub(super) fn write(rot: &Rot, out: &mut dyn Write) -> io::Result<()> {
    let groups: Vec<Value> = rot.groups.iter().map(group).collect();
    let root = json!({ "format_version": 1, "by": rot.by.name, "all": group(&rot.all), "groups": groups });
    serde_json::to_writer_pretty(&mut *out, &root)?;
    writeln!(out)
}

fn group(group: &Group) -> Value {
    let curve = &group.curve;
    let standings: Map<String, Value> = Standing::ALL
        .iter()
        .zip(group.standings)
        .map(|(standing, count)| (standing.name().to_owned(), count.into()))
        .collect();
    json!({
        "name": group.name,
        "sources": group.sources,
        "standings": standings,
        "unknown": group.unknown,
        "never_alive": group.never_alive,
        "lives": curve.lives,
        "deaths": curve.deaths,
        "half_life": curve.half_life(),
        "half_life_between": [curve.half_life_between().0, curve.half_life_between().1],
        "half_life_if_steady": curve.half_life_if_constant(),
        "survival": curve.points(POINTS),
    })
}
