//! A picture of a terminal screen as SVG: the same cells, colours and weights.
//!
//! Every run of cells of one style is one `<text>` stretched to its exact width, so that boxes
//! close whatever font draws them. It must never read anything but the screen.

use std::fmt::Write as _;
use vt100::{Cell, Color, Screen};

const CELL: (f32, f32) = (8.4, 18.0);
const MARGIN: f32 = 12.0;
const BASELINE: f32 = 13.5;
const GROUND: &str = "#16181d";
const INK: &str = "#d5d8df";
const SIXTEEN: [&str; 16] = [
    "#2b2f38", "#e06c75", "#8fc379", "#d9b263", "#6cabf0", "#c58be0", "#56b6c2", "#b9bec9",
    "#6b7280", "#f2868f", "#a5d68c", "#ecc97c", "#8abff7", "#d6a5ee", "#74ced9", "#f4f6fa",
];

/// How a cell looks, as far as the picture goes.
#[derive(Debug, Clone, PartialEq)]
struct Look {
    ink: String,
    ground: Option<String>,
    marks: String,
    underline: bool,
}

impl Look {
    fn of(cell: &Cell) -> Self {
        let ink = colour(cell.fgcolor());
        let ground = colour(cell.bgcolor());
        let (ink, ground) = if cell.inverse() {
            let swapped = ground.unwrap_or_else(|| GROUND.to_owned());
            (swapped, Some(ink.unwrap_or_else(|| INK.to_owned())))
        } else {
            (ink.unwrap_or_else(|| INK.to_owned()), ground)
        };
        Self {
            ink,
            ground,
            marks: marks(cell),
            underline: cell.underline(),
        }
    }
}

/// Weight, slope and line of a cell as SVG attributes.
fn marks(cell: &Cell) -> String {
    let marks = [
        (cell.bold(), " font-weight=\"bold\""),
        (cell.italic(), " font-style=\"italic\""),
        (cell.underline(), " text-decoration=\"underline\""),
        (cell.dim(), " opacity=\"0.6\""),
    ];
    let worn = marks.iter().filter(|(on, _)| *on);
    worn.map(|(_, mark)| *mark).collect()
}

/// Neighbouring cells of one look in one row.
struct Strip {
    row: u16,
    col: u16,
    cells: u16,
    text: String,
    look: Look,
}

/// The screen as a complete SVG document.
pub fn screen_svg(screen: &Screen) -> String {
    let (rows, cols) = screen.size();
    let width = f32::from(cols.get()) * CELL.0 + 2.0 * MARGIN;
    let height = f32::from(rows.get()) * CELL.1 + 2.0 * MARGIN;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.1} {height:.1}\" \
         font-family=\"ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace\" \
         font-size=\"14\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{GROUND}\"/>\n"
    );
    let strips: Vec<Strip> = (0..rows.get())
        .flat_map(|row| strips(screen, row))
        .collect();
    for strip in &strips {
        draw_ground(&mut out, strip);
    }
    for strip in &strips {
        draw_text(&mut out, strip);
    }
    if !screen.hide_cursor() {
        draw_cursor(&mut out, screen.cursor_position());
    }
    out.push_str("</svg>\n");
    out
}

fn strips(screen: &Screen, row: u16) -> Vec<Strip> {
    let (_, cols) = screen.size();
    let mut found: Vec<Strip> = Vec::new();
    for col in 0..cols.get() {
        let Some(cell) = screen
            .cell(row, col)
            .filter(|cell| !cell.is_wide_continuation())
        else {
            continue;
        };
        let (look, width) = (Look::of(cell), if cell.is_wide() { 2 } else { 1 });
        let text = if cell.has_contents() {
            cell.contents()
        } else {
            " "
        };
        // A wide character stands alone: stretching it with others would shift them.
        let joins = |last: &&mut Strip| {
            last.look == look && width == 1 && usize::from(last.cells) == last.text.chars().count()
        };
        match found.last_mut().filter(joins) {
            Some(last) => {
                last.text.push_str(text);
                last.cells += width;
            }
            None => found.push(Strip {
                row,
                col,
                cells: width,
                text: text.to_owned(),
                look,
            }),
        }
    }
    found
}

fn place(strip: &Strip) -> (f32, f32, f32) {
    let x = MARGIN + f32::from(strip.col) * CELL.0;
    let y = MARGIN + f32::from(strip.row) * CELL.1;
    (x, y, f32::from(strip.cells) * CELL.0)
}

fn draw_ground(out: &mut String, strip: &Strip) {
    let Some(ground) = &strip.look.ground else {
        return;
    };
    let (x, y, width) = place(strip);
    let _ = writeln!(
        out,
        "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{:.1}\" fill=\"{ground}\"/>",
        CELL.1
    );
}

fn draw_text(out: &mut String, strip: &Strip) {
    if strip.text.trim().is_empty() && !strip.look.underline {
        return;
    }
    let (x, y, width) = place(strip);
    let look = &strip.look;
    let _ = writeln!(
        out,
        "<text x=\"{x:.1}\" y=\"{:.1}\" textLength=\"{width:.1}\" lengthAdjust=\"spacingAndGlyphs\" \
         xml:space=\"preserve\" fill=\"{}\"{}>{}</text>",
        y + BASELINE,
        look.ink,
        look.marks,
        escaped(&strip.text)
    );
}

fn draw_cursor(out: &mut String, (row, col): (u16, u16)) {
    let (x, y) = (
        MARGIN + f32::from(col) * CELL.0,
        MARGIN + f32::from(row) * CELL.1,
    );
    let _ = writeln!(
        out,
        "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{INK}\" \
         fill-opacity=\"0.5\"/>",
        CELL.0, CELL.1
    );
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// The colour as CSS; `None` for the terminal's own.
fn colour(colour: Color) -> Option<String> {
    match colour {
        Color::Default => None,
        Color::Rgb(red, green, blue) => Some(format!("#{red:02x}{green:02x}{blue:02x}")),
        Color::Idx(index @ 0..=15) => Some(SIXTEEN[usize::from(index)].to_owned()),
        Color::Idx(index @ 16..=231) => {
            let step = |part: u8| if part == 0 { 0 } else { 55 + 40 * part };
            let cube = index - 16;
            let (red, green, blue) = (step(cube / 36), step(cube / 6 % 6), step(cube % 6));
            Some(format!("#{red:02x}{green:02x}{blue:02x}"))
        }
        Color::Idx(index) => {
            let grey = 8 + 10 * (index - 232);
            Some(format!("#{grey:02x}{grey:02x}{grey:02x}"))
        }
    }
}
