//! The terminal: whether the studio can be drawn on it.

use super::finding::Finding;
use crate::config::variable;
use std::io::IsTerminal;

const AREA: &str = "terminal";
/// Below this the studio only says that it is too small.
const LEAST: (u16, u16) = (20, 5);
/// Below this it is hard to read.
const READABLE: (u16, u16) = (60, 20);

/// What a process knows of its terminal.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    term: Option<String>,
    colour_term: Option<String>,
    no_colour: Option<String>,
    /// What says which letters there are.
    locale: Option<String>,
    /// stdin and stdout are a terminal.
    attached: bool,
    /// Columns and rows.
    size: Option<(u16, u16)>,
}

impl Seen {
    /// What this process knows.
    pub(super) fn now() -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        Self {
            term: set("TERM"),
            colour_term: set("COLORTERM"),
            no_colour: set("NO_COLOR"),
            locale: ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set),
            attached: std::io::stdin().is_terminal() && std::io::stdout().is_terminal(),
            size: size(),
        }
    }
}

#[cfg(unix)]
fn size() -> Option<(u16, u16)> {
    let found = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
    Some((found.ws_col, found.ws_row))
}

#[cfg(not(unix))]
fn size() -> Option<(u16, u16)> {
    None
}

/// What is to be said of it.
pub(super) fn check(seen: &Seen) -> Vec<Finding> {
    if !seen.attached {
        let what = "stdin or stdout is no terminal here: the studio needs one, scripts do not";
        return vec![Finding::note(AREA, what).mend("copydesk doctor, in a terminal")];
    }
    let mut all = vec![kind(seen), colour(seen), letters(seen)];
    all.extend(seen.size.map(extent));
    all
}

fn kind(seen: &Seen) -> Finding {
    let mend = "export TERM=xterm-256color";
    match seen.term.as_deref() {
        Some("dumb") => {
            Finding::problem(AREA, "TERM is dumb: the studio does not start").mend(mend)
        }
        Some(term) => Finding::ok(AREA, format!("TERM is {term}")),
        None => Finding::note(AREA, "TERM is not set").mend(mend),
    }
}

fn colour(seen: &Seen) -> Finding {
    let told = match (&seen.no_colour, &seen.colour_term) {
        (Some(_), _) => "no colour, because NO_COLOR is set".to_owned(),
        (None, Some(colours)) => format!("colour: COLORTERM is {colours}"),
        (None, None) => "colour: that of TERM".to_owned(),
    };
    Finding::ok(AREA, told)
}

fn letters(seen: &Seen) -> Finding {
    let mend = "export LC_CTYPE=C.UTF-8";
    let Some(locale) = &seen.locale else {
        return Finding::note(
            AREA,
            "no locale is set: letters beyond ASCII may look wrong",
        )
        .mend(mend);
    };
    let lower = locale.to_lowercase();
    if lower.contains("utf-8") || lower.contains("utf8") {
        return Finding::ok(AREA, format!("the locale {locale} is UTF-8"));
    }
    let what = format!("the locale {locale} is not UTF-8: letters beyond ASCII may look wrong");
    Finding::note(AREA, what).mend(mend)
}

fn extent((columns, rows): (u16, u16)) -> Finding {
    let what = format!("{columns} columns, {rows} rows");
    let below = |(width, height): (u16, u16)| columns < width || rows < height;
    if below(LEAST) {
        let what = format!("{what}: too small for the studio");
        Finding::problem(AREA, what).mend("make the window larger")
    } else if below(READABLE) {
        let what = format!("{what}: the studio reads better from 60 by 20 on");
        Finding::note(AREA, what).mend("make the window larger")
    } else {
        Finding::ok(AREA, what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::finding::Level;

    fn good() -> Seen {
        Seen {
            term: Some("xterm-256color".to_owned()),
            locale: Some("de_DE.utf8".to_owned()),
            attached: true,
            size: Some((120, 40)),
            ..Seen::default()
        }
    }

    fn worst(seen: &Seen) -> Level {
        let levels = check(seen).into_iter().map(|finding| finding.level);
        levels.max().unwrap()
    }

    #[test]
    fn a_usual_terminal_is_fine() {
        assert_eq!(worst(&good()), Level::Ok);
    }

    #[test]
    fn what_stops_the_studio_is_a_problem_and_what_hurts_is_a_note() {
        let dumb = Seen {
            term: Some("dumb".to_owned()),
            ..good()
        };
        let tiny = Seen {
            size: Some((19, 40)),
            ..good()
        };
        let small = Seen {
            size: Some((80, 19)),
            ..good()
        };
        let latin = Seen {
            locale: Some("de_DE.ISO-8859-1".to_owned()),
            ..good()
        };
        let bare = Seen {
            locale: None,
            ..good()
        };
        assert_eq!(worst(&dumb), Level::Problem);
        assert_eq!(worst(&tiny), Level::Problem);
        for seen in [small, latin, bare] {
            assert_eq!(worst(&seen), Level::Note, "{seen:?}");
        }
    }

    #[test]
    fn a_script_has_no_terminal_and_that_is_no_problem() {
        assert_eq!(worst(&Seen::default()), Level::Note);
    }
}
