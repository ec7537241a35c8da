//! The real studio in a pseudo-terminal, killed at random moments, and what it brings back.
//!
//! Each home is tortured by a thread of its own: start, take up what the last kill left, go on
//! working, be killed. The test keeps the true history of every text and holds the journal and the
//! files against it. `COPYDESK_TORTURE` sets the number of kills, `COPYDESK_TORTURE_SEED` repeats
//! the choices of an earlier run; the moments of the kills stay a matter of the machine.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "torture/filler.rs"]
mod filler;
#[path = "torture/history.rs"]
mod history;
#[path = "torture/juggler.rs"]
mod juggler;
#[path = "torture/lister.rs"]
mod lister;
#[path = "torture/pair.rs"]
mod pair;
#[path = "torture/reader.rs"]
mod reader;
mod support;
#[path = "torture/victim.rs"]
mod victim;
#[path = "torture/writer.rs"]
mod writer;

use std::ops::AddAssign;
use std::time::Instant;
use support::aloud;

/// Kills in the short form.
const KILLS: u64 = 300;
/// Homes that are tortured at once. Most of the time they only wait for the bars to pass.
const HOMES: u64 = 10;

/// A source of choices that can be repeated (splitmix64).
#[derive(Debug, Clone)]
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }
}

/// What came of it.
#[derive(Debug, Default)]
struct Figures {
    kills: u64,
    clean_exits: u64,
    acknowledged: usize,
    saves: u64,
    restored: u64,
    lost: Vec<String>,
    damaged: Vec<String>,
    false_offers: Vec<String>,
}

impl AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        self.kills += other.kills;
        self.clean_exits += other.clean_exits;
        self.acknowledged += other.acknowledged;
        self.saves += other.saves;
        self.restored += other.restored;
        self.lost.extend(other.lost);
        self.damaged.extend(other.damaged);
        self.false_offers.extend(other.false_offers);
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// W1: killed at any instant while text is typed, pasted, undone, saved and streamed, while a form is
/// filled in, while two documents are open and neither is saved, while what was left is brought back,
/// and while drafts are renamed and deleted, the studio loses nothing that was acknowledged and leaves
/// every file whole; W4: what was lost is
/// offered, and nothing is after a clean exit; W7: nor does a studio that is at work beside it.
#[test]
fn killed_at_any_moment_the_studio_loses_nothing_acknowledged() {
    let kills = number("COPYDESK_TORTURE").unwrap_or(KILLS);
    let seed = number("COPYDESK_TORTURE_SEED").unwrap_or_else(|| u64::from(std::process::id()));
    aloud(&format!("torture: {kills} kills with seed {seed}"));
    let began = Instant::now();
    let homes: Vec<_> = (0..HOMES)
        .map(|home| {
            let chance = Chance(seed.wrapping_mul(HOMES).wrapping_add(home));
            let kills = kills / HOMES + u64::from(home < kills % HOMES);
            std::thread::spawn(move || match home {
                0..=3 => writer::torture(chance, kills),
                4 => juggler::torture(chance, kills),
                5 => filler::torture(chance, kills),
                6 => pair::torture(chance, kills),
                7..=8 => reader::torture(chance, kills),
                _ => lister::torture(chance, kills),
            })
        })
        .collect();
    let mut figures = Figures::default();
    let mut broken = 0;
    for home in homes {
        match home.join() {
            Ok(found) => figures += found,
            Err(_) => broken += 1,
        }
    }
    aloud(&format!(
        "torture: {} kills, {} clean exits, {} saves, {} texts brought back, {} characters \
         acknowledged, {} lost, {} damaged, {} false offers, {:.0} s",
        figures.kills,
        figures.clean_exits,
        figures.saves,
        figures.restored,
        figures.acknowledged,
        figures.lost.len(),
        figures.damaged.len(),
        figures.false_offers.len(),
        began.elapsed().as_secs_f64(),
    ));
    let found = [figures.lost, figures.damaged, figures.false_offers].concat();
    assert!(found.is_empty(), "seed {seed}:\n{}", found.join("\n\n"));
    assert_eq!(broken, 0, "homes broke off with seed {seed}");
    assert_eq!(figures.kills, kills);
    assert!(figures.acknowledged > 0 && figures.saves > 0 && figures.restored > 0);
}
