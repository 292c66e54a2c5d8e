//! Five years of sources whose half-lives are known, looked at as a sweep would: the same every time.

#![allow(unreachable_pub)]

use ibid::date::PartialDate;
use ibid::history::due::{Pace, due};
use ibid::history::{Check, Course, Patience};
use ibid::page::Text;
use ibid::source::State;

pub const DAY: i64 = 86_400;
pub const YEAR: f64 = 365.25;
/// 1 January 2020.
pub const START: i64 = 1_577_836_800;
const DAYS: f64 = 5.0 * YEAR;

/// Hosts and the half-lives of their sources, in years.
pub const HOSTS: [(&str, f64); 3] = [("blog.example", 2.0), ("news.example", 4.0), ("library.example", 12.0)];

/// `SplitMix64`.
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    /// From 0 to 1, without either.
    pub fn share(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }
}

/// The address of a source.
pub fn url(number: usize) -> String {
    let (host, _) = HOSTS[number % HOSTS.len()];
    format!("https://{host}/2019/11/30/what-the-harbour-tolls-pay-for-{number}")
}

/// Lives of one source: `each` is given every check. One check in twenty fails for no good reason, as
/// checks do, and some hosts shut the door now and then.
pub fn live(number: usize, whole: bool, mut each: impl FnMut(&Check)) -> Course {
    let mut chance = Chance(number as u64 * 7_919 + 1);
    let (_, half_life) = HOSTS[number % HOSTS.len()];
    let born = chance.share() * YEAR;
    let dies = born - chance.share().ln() / std::f64::consts::LN_2 * half_life * YEAR;
    let mut course = Course::new(Patience::default());
    let mut at = START + (born * DAY as f64) as i64;
    let mut text = chance.next();
    while at < START + (DAYS * DAY as f64) as i64 {
        let alive = (at - START) as f64 / (DAY as f64) < dies;
        let state = match chance.next() % 100 {
            0 | 1 => State::Blocked,
            2 | 3 => State::Unreachable,
            4 if alive => State::Dead,
            _ if alive => State::Ok,
            _ if number.is_multiple_of(5) => State::Soft404,
            _ => State::Dead,
        };
        // An edit now and then.
        if chance.next().is_multiple_of(20) {
            text = chance.next();
        }
        let check = seen(number, at, state, whole.then_some(text), &mut chance);
        course.see(at, state, text);
        each(&check);
        at = due(&course, Pace::default());
    }
    course
}

fn seen(number: usize, at: i64, state: State, text: Option<u64>, chance: &mut Chance) -> Check {
    let mut check = Check {
        at,
        state,
        status: Some(if state == State::Ok { 200 } else { 404 }),
        final_url: None,
        title: None,
        published: None,
        digest: None,
        text: None,
    };
    let Some(text) = text.filter(|_| state == State::Ok) else { return check };
    let mut hashes = Chance(text);
    let mut sketch: Vec<u32> = (0..64).map(|_| (hashes.next() >> 38) as u32).collect();
    sketch.sort_unstable();
    check.title = Some(format!("What the Harbour Tolls Pay For, Part {number}"));
    check.published = PartialDate::ymd(2019, 11, 30);
    check.text = Some(Text { words: 800, shingles: 790, simhash: text, sketch });
    // Something on a page differs each time: the bytes are never the same.
    let mut digest = [0; 32];
    digest.iter_mut().for_each(|byte| *byte = chance.next() as u8);
    check.digest = Some(digest);
    if number.is_multiple_of(10) {
        check.final_url = Some(url(number).replace("//", "//www."));
    }
    check
}
