//! Where the letters of motions lead, how often they are meant, and what `w` means to operators.

use super::motion::{self, Reach, Seek, Takes, Words, first_letter, line_at};
use super::operator::Operator;
use super::{Hand, Vim};
use crate::domain::document::Motion;

impl Vim {
    /// Where a motion of two keys leads.
    pub(super) fn reach_behind(
        &mut self,
        prefix: char,
        typed: char,
        from: usize,
        hand: &mut Hand<'_>,
    ) -> Option<Reach> {
        let count = self.count();
        let (to, takes) = match (prefix, typed) {
            ('g', 'g') => {
                let line = self.wish.times().unwrap_or(1).max(1) - 1;
                let line = line.min(hand.text.line_count() - 1);
                (first_letter(hand.text, line), Takes::Lines)
            }
            ('g', 'j') => (
                motion::by_rows(hand.text, from, Motion::Down, count),
                Takes::Before,
            ),
            ('g', 'k') => (
                motion::by_rows(hand.text, from, Motion::Up, count),
                Takes::Before,
            ),
            ('f' | 'F' | 't' | 'T', wanted) => {
                let seek = Seek {
                    wanted,
                    kind: prefix,
                };
                self.sought = Some(seek);
                return motion::seek(hand.text, from, seek, count);
            }
            _ => return None,
        };
        Some(Reach { to, takes })
    }

    /// Where a motion of one key leads.
    pub(super) fn reach(&mut self, typed: char, from: usize, hand: &mut Hand<'_>) -> Option<Reach> {
        let count = self.count();
        let vertical = matches!(typed, 'j' | 'k');
        let mut goal = self.goal.take().filter(|_| vertical);
        let text = &mut *hand.text;
        let line = line_at(text, from);
        let mut to = from;
        let mut takes = Takes::Before;
        match typed {
            'h' => {
                for _ in 0..count {
                    to = if to > line.start { text.before(to) } else { to };
                }
            }
            'l' => {
                for _ in 0..count {
                    to = if to < line.end { text.after(to) } else { to };
                }
            }
            'j' | 'k' => {
                let by = if typed == 'j' {
                    count.cast_signed()
                } else {
                    -count.cast_signed()
                };
                to = motion::by_lines(text, from, by, &mut goal)?;
                takes = Takes::Lines;
            }
            'w' | 'W' => {
                for _ in 0..count {
                    to = motion::word(text, to, size(typed));
                }
            }
            'b' | 'B' => {
                for _ in 0..count {
                    to = motion::word_back(text, to, size(typed));
                }
            }
            'e' | 'E' => {
                for _ in 0..count {
                    to = motion::word_end(text, to, size(typed));
                }
                takes = Takes::Upto;
            }
            '0' => to = line.start,
            '^' => to = first_letter(text, text.line_of(from)),
            '$' => {
                let last = text.line((text.line_of(from) + count - 1).min(text.line_count() - 1));
                to = text.before(last.end).max(last.start);
                takes = if last.is_empty() {
                    Takes::Before
                } else {
                    Takes::Upto
                };
                goal = Some(usize::MAX);
            }
            'G' => {
                let last = text.line_count();
                let number = self.wish.times().unwrap_or(last).clamp(1, last);
                to = first_letter(text, number - 1);
                takes = Takes::Lines;
            }
            '{' | '}' => {
                for _ in 0..count {
                    to = motion::blank_line(text, to, if typed == '}' { 1 } else { -1 });
                }
            }
            ';' | ',' => return self.seek_again(typed, from, hand),
            _ => return None,
        }
        self.goal = goal;
        Some(Reach { to, takes })
    }

    fn seek_again(&self, typed: char, from: usize, hand: &mut Hand<'_>) -> Option<Reach> {
        let mut seek = self.sought?;
        if typed == ',' {
            seek.kind = if seek.kind.is_lowercase() {
                seek.kind.to_ascii_uppercase()
            } else {
                seek.kind.to_ascii_lowercase()
            };
        }
        // A `t` that stands before its character already goes on to the next one.
        let from = match seek.kind {
            't' => hand.text.after(from),
            'T' => hand.text.before(from),
            _ => from,
        };
        motion::seek(hand.text, from, seek, self.count())
    }

    /// `cw` changes to the end of the word, and `dw` at the end of a line leaves the next alone.
    pub(super) fn reach_of_words(
        &self,
        typed: char,
        operator: Operator,
        reach: Reach,
        hand: &mut Hand<'_>,
    ) -> Reach {
        if !matches!(typed, 'w' | 'W') {
            return reach;
        }
        let from = hand.text.cursor();
        let text = &mut *hand.text;
        let here = motion::class(text, from, size(typed));
        let mut to = reach.to;
        if operator == Operator::Change && here != motion::Class::Blank {
            to = from;
            while to < text.len() && motion::class(text, to, size(typed)) == here {
                to = text.after(to);
            }
            for _ in 1..self.count() {
                let end = motion::word_end(text, to, size(typed));
                to = text.after(end);
            }
        }
        while text.line_of(to) > text.line_of(from) {
            let line = text.line(text.line_of(to));
            if !text.slice(line.start..to).trim().is_empty() {
                break;
            }
            to = text.line(text.line_of(to) - 1).end;
        }
        let takes = Takes::Before;
        Reach { to, takes }
    }
}

const fn size(letter: char) -> Words {
    if letter.is_ascii_uppercase() {
        Words::Big
    } else {
        Words::Small
    }
}
