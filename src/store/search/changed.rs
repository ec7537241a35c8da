//! Looking through the drafts that were written since a roll was made of all of them.
//!
//! Asks for the stamp of every file and opens only those that are not as the roll has them. What the
//! roll let the search read has been read as it is now, and is not looked at twice.

use super::{About, Files, Hit, Paths, Roll, Stop, Tally, Wanted, scan};
use crate::store::drafts;
use crate::store::headlines::Record;
use crate::store::scan::Found;
use std::collections::HashMap;

/// Looks through them and adds to the tally what it finds.
pub(super) fn look(
    (paths, roll): (&Paths, &Roll),
    wanted: &Wanted,
    stop: &Stop,
    (tell, tally): (&mut dyn FnMut(Vec<Hit>), &mut Tally),
) {
    let walk = scan::walk_until(&paths.drafts, &|| stop.is_set());
    let records = roll.records().map(|record| (record.name, record));
    let known: HashMap<&str, Record<'_>> = records.collect();
    let mut files = Files::new(&paths.library, &paths.drafts);
    for found in &walk.found {
        if stop.is_set() {
            break;
        }
        let record = known.get(found.name.as_str());
        if record.is_some_and(|record| record.stamp == found.stamp || wanted.reads(record)) {
            continue;
        }
        match hit(paths, &mut files, wanted, found) {
            Ok(None) => {}
            Ok(Some(_)) if tally.hits >= wanted.limit => {
                tally.is_whole = false;
                return;
            }
            Ok(Some(hit)) => {
                tally.hits += 1;
                tell(vec![hit]);
            }
            Err(why) => tally.blame([why]),
        }
    }
    tally.is_whole = !stop.is_set();
}

/// The hit in a draft, if it fits.
fn hit(
    paths: &Paths,
    files: &mut Files<'_>,
    wanted: &Wanted,
    found: &Found,
) -> Result<Option<Hit>, String> {
    let line = drafts::headline(paths, found);
    let about = About {
        template: line.template.as_deref(),
        model: line.model.as_deref(),
        status: line.status.as_deref(),
        at: line.updated,
    };
    if !wanted.fits(&about, &line.tags.iter().map(String::as_str)) {
        return Ok(None);
    }
    let mut place = None;
    if !wanted.needles.is_empty() {
        let source = files.read(&found.name).map_err(|why| why.to_string())?;
        place = wanted.needles.find(source);
        if place.is_none() {
            return Ok(None);
        }
    }
    Ok(Some(Hit {
        path: line.path,
        name: line.name,
        title: line.title,
        updated: line.updated,
        place,
    }))
}
