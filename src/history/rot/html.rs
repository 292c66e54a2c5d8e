//! One self-contained page with the curves of the largest groups. It needs no network and runs no script.

use std::fmt::Write as _;
use std::io::{self, Write};

use askama::Template;

use super::{Group, Rot, YEAR, percent, years};

/// Curves in the plot besides that of all together: as many as can be told apart.
const CURVES: usize = 7;
/// Points of a curve.
const POINTS: usize = 300;
/// The plot, in units of the drawing.
const LEFT: f64 = 48.0;
const TOP: f64 = 12.0;
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 300.0;

#[derive(Template)]
#[template(
    ext = "html",
    source = r##"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<title>Link rot by {{ by }}</title>
<style>{{ css|safe }}{{ own|safe }}</style>
</head>
<body>
<header>
<h1>Link rot by {{ by }}</h1>
<p class="soft">{{ told }}</p>
</header>
<main>
<figure>
<svg viewBox="0 0 704 356" role="img" aria-labelledby="plot-title plot-about">
<title id="plot-title">Share of sources still alive</title>
<desc id="plot-about">{{ about }} The table below gives the numbers.</desc>
{% for line in grid %}<line class="grid" x1="{{ line.x1 }}" y1="{{ line.y1 }}" x2="{{ line.x2 }}" y2="{{ line.y2 }}"/>
<text class="{{ line.side }}" x="{{ line.x }}" y="{{ line.y }}">{{ line.label }}</text>
{% endfor %}<text class="bottom" x="368" y="350">years since first seen alive</text>
{% for curve in curves %}<path class="curve c{{ curve.number }}" d="{{ curve.path }}"><title>{{ curve.name }}</title></path>
{% endfor %}</svg>
<figcaption><ul class="legend">
{% for curve in curves %}<li><svg viewBox="0 0 32 8" width="32" height="8" aria-hidden="true"><path class="curve c{{ curve.number }}" d="M0 4H32"/></svg> {{ curve.name }}</li>
{% endfor %}</ul></figcaption>
</figure>
<div class="wide"><table>
<caption>Half-lives in years, with the bounds within which they lie with 95 % probability; “if steady”: if the same share died every year. A dash where too few have died to tell.</caption>
<thead><tr><th scope="col">{{ by }}</th>{% for head in heads %}<th scope="col">{{ head }}</th>{% endfor %}</tr></thead>
<tbody>
{% for row in rows %}<tr><th scope="row">{{ row.name }}</th>{% for cell in row.cells %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</tbody>
</table></div>
<h2>How it is counted</h2>
<p>A life begins when a source was first seen alive. It ends in the middle between the last check at which it was alive and the first that said it was gone; a source is dead only after several such checks over several days. Sources that live, fail, or could not be read of late are counted as long as they were seen alive (censored). Those that came back did not die. Those that were dead when they were first seen have no part in the curves. The share alive is estimated as Kaplan and Meier (1958) do.</p>
</main>
<footer class="soft"><p>ibid {{ version }}</p></footer>
</body>
</html>
"##
)]
struct PageView {
    css: &'static str,
    own: &'static str,
    version: &'static str,
    by: &'static str,
    told: String,
    about: String,
    grid: Vec<Grid>,
    curves: Vec<CurveView>,
    heads: [&'static str; 11],
    rows: Vec<Row>,
}

/// A line of the grid and its label.
struct Grid {
    x1: f64,
    y1: f64,
    x2: f64,
    y2: f64,
    x: f64,
    y: f64,
    side: &'static str,
    label: String,
}

struct CurveView {
    number: usize,
    name: String,
    path: String,
}

struct Row {
    name: String,
    cells: Vec<String>,
}

pub(super) fn write(rot: &Rot, out: &mut dyn Write) -> io::Result<()> {
    let mut shown: Vec<&Group> = rot.groups.iter().filter(|group| group.curve.lives > 0).collect();
    shown.sort_by_key(|group| std::cmp::Reverse(group.sources));
    shown.truncate(CURVES);
    // A plot of less than a year says nothing; one of whole years has round labels.
    let span = (rot.all.curve.longest / YEAR).ceil().max(1.0);
    let curves = std::iter::once(&rot.all)
        .chain(rot.groups.iter().filter(|group| shown.iter().any(|s| s.name == group.name)));
    let page = PageView {
        css: include_str!("../../report/html.css"),
        own: include_str!("html.css"),
        version: env!("CARGO_PKG_VERSION"),
        by: rot.by.title,
        told: told(&rot.all),
        about: about(&rot.all),
        grid: grid(span),
        curves: curves
            .enumerate()
            .map(|(number, group)| CurveView { number, name: group.name.clone(), path: path(group, span) })
            .collect(),
        heads: [
            "sources",
            "alive",
            "recovered",
            "failing",
            "dead",
            "unknown",
            "half-life",
            "95 %",
            "if steady",
            "1 year",
            "5 years",
        ],
        rows: rot.rows().map(row).collect(),
    };
    let html = page.render().map_err(io::Error::other)?;
    // HTML has no place for control characters (WHATWG HTML, 13.2.3.5).
    out.write_all(html.replace(|c: char| c.is_control() && c != '\n', "\u{FFFD}").as_bytes())
}

fn told(all: &Group) -> String {
    let [alive, recovered, failing, dead] = all.standings;
    format!(
        "{} sources: {} alive, {failing} failing, {dead} dead ({} of them when first seen), {} unknown",
        all.sources,
        alive + recovered,
        all.never_alive,
        all.unknown
    )
}

fn about(all: &Group) -> String {
    match all.curve.half_life() {
        Some(days) => format!("Of all sources half were dead after {} years.", years(Some(days))),
        None => format!(
            "Of all sources more than half were alive to the last, {} years after they were first seen.",
            years(Some(all.curve.longest))
        ),
    }
}

fn grid(span: f64) -> Vec<Grid> {
    let (right, bottom) = (LEFT + WIDTH, TOP + HEIGHT);
    let shares = (0..=4_i32).map(|quarter| {
        let y = bottom - HEIGHT * f64::from(quarter) / 4.0;
        let label = format!("{} %", quarter * 25);
        Grid { x1: LEFT, y1: y, x2: right, y2: y, x: LEFT - 6.0, y: y + 4.0, side: "left", label }
    });
    let every = (span / 10.0).ceil();
    let times = (0..=(span / every) as u32).map(|n| {
        let year = f64::from(n) * every;
        let x = LEFT + WIDTH * year / span;
        Grid {
            x1: x,
            y1: TOP,
            x2: x,
            y2: bottom,
            x,
            y: bottom + 18.0,
            side: "bottom",
            label: format!("{year}"),
        }
    });
    shares.chain(times).collect()
}

/// A curve goes down in steps.
fn path(group: &Group, span: f64) -> String {
    let x = |days: f64| LEFT + WIDTH * days / YEAR / span;
    let y = |alive: f64| TOP + HEIGHT * (1.0 - alive);
    let mut path = format!("M{LEFT:.1} {TOP:.1}");
    for (days, alive) in group.curve.points(POINTS) {
        let _ = write!(path, "H{:.1}V{:.1}", x(days), y(alive));
    }
    path
}

fn row(group: &Group) -> Row {
    let [alive, recovered, failing, dead] = group.standings;
    let curve = &group.curve;
    let (low, high) = curve.half_life_between();
    let counts = [group.sources, alive, recovered, failing, dead, group.unknown].map(|n| n.to_string());
    let bounds = if low.is_some() { format!("{}–{}", years(low), years(high)) } else { "–".to_owned() };
    let estimates = [
        years(curve.half_life()),
        bounds,
        years(curve.half_life_if_constant()),
        percent(curve.alive_after(YEAR)),
        percent(curve.alive_after(5.0 * YEAR)),
    ];
    Row { name: group.name.clone(), cells: counts.into_iter().chain(estimates).collect() }
}
