//! An email that is not sent yet: subject and date, the text as it reads and as HTML.
//!
//! Whom it is from and to, the mail program asks. No byte of a title or a text can become a header:
//! what is not plain goes through an encoding that has no line ends.

use super::html::{self, Breaks};
use super::{Sheet, Subject, plain};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Longest line of a header or a body.
const WIDTH: usize = 76;
/// Most bytes of a text in one encoded word, so that it fits into the first line.
const WORD: usize = 39;
/// What the line of the subject may begin with.
const LABELS: [&str; 12] = [
    "subject",
    "subject line",
    "betreff",
    "objet",
    "asunto",
    "oggetto",
    "onderwerp",
    "assunto",
    "temat",
    "ämne",
    "emne",
    "тема",
];

/// The message.
pub(super) fn message(sheet: &Sheet) -> String {
    let (subject, body) = match sheet.subject {
        Subject::Title => (None, sheet.body.as_str()),
        Subject::FirstLine => split(&sheet.body),
    };
    let subject = subject.unwrap_or_else(|| sheet.title.clone());
    let text = plain::text(body);
    let page = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<body>\n{}</body>\n</html>\n",
        html::escaped(&sheet.language),
        html::passage(body, Breaks::Kept),
    );
    let boundary = boundary(&text);
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "Subject: {}\r\nDate: {}\r\nX-Unsent: 1\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/alternative;\r\n boundary=\"{boundary}\"\r\n\r\n",
        header(&subject),
        sheet.at.strftime("%a, %d %b %Y %H:%M:%S %z"),
    );
    for (kind, part) in [("plain", &text), ("html", &page)] {
        let _ = write!(
            out,
            "--{boundary}\r\nContent-Type: text/{kind}; charset=utf-8\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n",
        );
        let wire = part.replace("\r\n", "\n").replace('\n', "\r\n");
        push_base64(&mut out, &wire);
    }
    let _ = write!(out, "--{boundary}--\r\n");
    out
}

/// A text between the parts that stands in none of them: base64 has no dash.
fn boundary(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let mut out = "copydesk-".to_owned();
    for byte in digest.iter().take(8) {
        let _ = write!(out, "{byte:02x}");
    }
    out
}

fn push_base64(out: &mut String, text: &str) {
    let encoded = STANDARD.encode(text.as_bytes());
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(WIDTH));
        out.push_str(line);
        out.push_str("\r\n");
        rest = more;
    }
}

/// The value of a header, whatever the text: as it is when that is short and plain, else as
/// encoded words, one a line.
fn header(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = |byte: u8| (0x20..0x7f).contains(&byte);
    if text.len() + "Subject: ".len() <= WIDTH && text.bytes().all(plain) && !text.contains("=?") {
        return text;
    }
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.chars().filter(|c| !c.is_control()) {
        if word.len() + c.len_utf8() > WORD {
            words.push(std::mem::take(&mut word));
        }
        word.push(c);
    }
    words.push(word);
    let words: Vec<String> = words
        .iter()
        .map(|word| format!("=?UTF-8?B?{}?=", STANDARD.encode(word)))
        .collect();
    words.join("\r\n ")
}

/// The subject that a text begins with, and the rest; none where it begins otherwise.
pub(super) fn split(body: &str) -> (Option<String>, &str) {
    let start = body.trim_start_matches(['\n', '\r', ' ', '\t', '\u{feff}']);
    let (line, rest) = start.split_once('\n').unwrap_or((start, ""));
    let marks = ['#', '*', '_', ' ', '\t', '\r'];
    let bare = line.trim_matches(marks);
    let Some((label, subject)) = bare.split_once([':', '：']) else {
        return (None, body);
    };
    let label = label.trim_matches(marks).to_lowercase();
    let subject = subject.trim_matches(marks);
    if !LABELS.contains(&label.as_str()) || subject.is_empty() {
        return (None, body);
    }
    let rest = rest.trim_start_matches(['\n', '\r']);
    (Some(subject.to_owned()), rest)
}
