//! Reading a terminal screen: its text, and where something stands on it.
//!
//! Only looks; the picture of a screen is made in `picture`.

/// The screen as lines of text, without trailing space, always one line per row.
pub fn text(screen: &vt100::Screen) -> String {
    let (_, cols) = screen.size();
    let rows: Vec<String> = screen
        .rows(0, cols.get())
        .map(|row| row.trim_end().to_owned())
        .collect();
    rows.join("\n")
}

/// Row and column, from 0, of the first cell of `wanted`.
pub fn find(screen: &vt100::Screen, wanted: &str) -> Option<(u16, u16)> {
    let (_, cols) = screen.size();
    for (row, line) in (0..).zip(screen.rows(0, cols.get())) {
        let Some(at) = line.find(wanted) else {
            continue;
        };
        // Columns are cells, not characters: a wide character takes two.
        let before = line[..at].chars().count();
        let starts = (0..cols.get()).filter(|col| {
            screen
                .cell(row, *col)
                .is_some_and(|cell| !cell.is_wide_continuation())
        });
        return starts.skip(before).map(|col| (row, col)).next();
    }
    None
}
