//! Rows of CSV as RFC 4180 writes them: quotes around a cell, doubled inside, line breaks allowed.

/// The rows of a text, each with the line it begins on. A quotation mark that is never closed is
/// an error, and the last row.
pub(super) fn rows(text: &str) -> impl Iterator<Item = Result<(usize, Vec<String>), String>> {
    Rows {
        rest: text,
        line: 1,
    }
}

struct Rows<'t> {
    rest: &'t str,
    line: usize,
}

impl Iterator for Rows<'_> {
    type Item = Result<(usize, Vec<String>), String>;

    fn next(&mut self) -> Option<Self::Item> {
        // Empty lines are no rows.
        while let Some(rest) = self.rest.strip_prefix('\n') {
            self.rest = rest;
            self.line += 1;
        }
        if self.rest.is_empty() {
            return None;
        }
        let begins = self.line;
        let mut cells = Vec::new();
        loop {
            let Some(cell) = self.cell() else {
                self.rest = "";
                let why =
                    format!("line {begins}: a quotation mark opens a cell and nothing closes it");
                return Some(Err(why));
            };
            cells.push(cell);
            match self.rest.chars().next() {
                Some(',') => self.rest = &self.rest[1..],
                Some(_) => {
                    self.rest = &self.rest[1..];
                    self.line += 1;
                    return Some(Ok((begins, cells)));
                }
                None => return Some(Ok((begins, cells))),
            }
        }
    }
}

impl Rows<'_> {
    /// One cell; what follows it is a comma, a line break, or nothing. `None` when it has no end.
    fn cell(&mut self) -> Option<String> {
        let mut cell = String::new();
        if let Some(mut rest) = self.rest.strip_prefix('"') {
            loop {
                let quote = rest.find('"')?;
                cell.push_str(&rest[..quote]);
                rest = &rest[quote + 1..];
                match rest.strip_prefix('"') {
                    Some(more) => {
                        cell.push('"');
                        rest = more;
                    }
                    None => break,
                }
            }
            self.line += cell.matches('\n').count();
            self.rest = rest;
        }
        // Signs behind the closing mark belong to nobody's rules; they are kept.
        let end = self.rest.find([',', '\n']).unwrap_or(self.rest.len());
        cell.push_str(&self.rest[..end]);
        self.rest = &self.rest[end..];
        Some(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Result<(usize, Vec<String>), String>> {
        rows(text).collect()
    }

    /// Rows without an error.
    fn good(rows: &[(usize, &[&str])]) -> Vec<Result<(usize, Vec<String>), String>> {
        let cells = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect();
        rows.iter()
            .map(|(line, row)| Ok((*line, cells(row))))
            .collect()
    }

    #[test]
    fn quotes_hold_commas_line_breaks_and_doubled_quotes() {
        assert_eq!(
            read("act,prompt\n\"a \"\"b\"\"\",\"one,\ntwo\"\n\nx,\n"),
            good(&[
                (1, &["act", "prompt"]),
                (2, &["a \"b\"", "one,\ntwo"]),
                (5, &["x", ""]),
            ])
        );
        assert_eq!(read(""), []);
        assert_eq!(read("a"), good(&[(1, &["a"])]));
        assert_eq!(read("\"a\"b,c"), good(&[(1, &["ab", "c"])]));
    }

    #[test]
    fn a_quote_without_an_end_is_told_with_its_line() {
        let rows = read("a\n\"b");
        assert_eq!(rows[..1], good(&[(1, &["a"])]));
        assert!(rows[1].as_ref().unwrap_err().starts_with("line 2:"));
        assert_eq!(rows.len(), 2);
    }
}
