//! Each kind of file, from one text that has everything.

use super::*;
use pretty_assertions::assert_eq;

const ALL: &str = include_str!("everything.md");

fn sheet(title: &str, body: &str) -> Sheet {
    Sheet {
        title: title.to_owned(),
        body: body.to_owned(),
        language: "en".to_owned(),
        subject: Subject::Title,
        at: "2026-11-23T12:04:05+01:00[Europe/Berlin]".parse().unwrap(),
    }
}

fn text(title: &str, body: &str, format: Format) -> String {
    String::from_utf8(sheet(title, body).render(format)).unwrap()
}

#[test]
fn plain_text_reads_like_the_draft_without_its_marks() {
    insta::assert_snapshot!(text("T", ALL, Format::Text));
}

#[test]
fn a_page_has_its_title_its_language_and_every_block() {
    insta::assert_snapshot!(text("Tea & \"cake\"", ALL, Format::Html));
}

/// A text from a model may hold anything; nothing of it runs, loads or leads astray.
#[test]
fn nothing_in_a_text_is_active_in_a_page_or_a_mail() {
    let body = "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> a <b onclick=x>b</b>\n\n\
                [a](javascript:alert(1)) [b](  JaVa\tScript:alert(1)) [c](vbscript:x) [d](data:text/html,x) \
                [e](file:///etc/passwd) ![f](data:image/svg+xml,x) <javascript:alert(1)>\n\n<style>*{}</style>\n\n\
                <!-- a comment -->\n\n[ok](https://a.example/?q=\"x\") ![p](data:image/png;base64,AA==) [near](a/b.html#c:d)\n\n\
                \u{7}\u{1b}[2J";
    let evil = "</title><script>alert(1)</script>";
    let page = text(evil, body, Format::Html);
    let mut mail = sheet(evil, body);
    mail.language = "\"><script>".to_owned();
    let mail = parts(&String::from_utf8(mail.render(Format::Email)).unwrap());
    for html in [&page, &mail[1]] {
        for never in [
            "<script",
            "<img src=x",
            "<b onclick",
            "javascript:alert(1)\"",
            "vbscript:x\"",
            "data:text/html,x\"",
            "file:///etc/passwd\"",
            "svg+xml,x\"",
            "<style>*",
            "a comment",
            "\u{1b}",
            "\u{7}",
        ] {
            assert!(!html.contains(never), "{never}: {html}");
        }
        for link in html.split("href=\"").skip(1) {
            let url = link.split('"').next().unwrap();
            assert!(
                url.starts_with("https://") || url.starts_with("a/b.html"),
                "{url}"
            );
        }
        assert!(html.contains("&lt;script&gt;alert(1)"), "{html}");
        assert!(html.contains("src=\"data:image/png;base64,AA==\""));
    }
}

#[test]
fn a_mail_has_the_subject_that_its_template_asks_for() {
    for (body, subject, rest) in [
        (
            "Subject: A thought\n\nHi Ann,\nbye\n",
            Some("A thought"),
            "Hi Ann,\nbye\n",
        ),
        ("\n**Subject:** A: b\r\n\r\nHi", Some("A: b"), "Hi"),
        ("**Subject: A**\nHi", Some("A"), "Hi"),
        (
            "# Betreff: Gr\u{fc}\u{df}e\n\nHallo",
            Some("Gr\u{fc}\u{df}e"),
            "Hallo",
        ),
        ("Subject:\n\nHi", None, "Subject:\n\nHi"),
        ("Hi Ann: hello\n", None, "Hi Ann: hello\n"),
        ("", None, ""),
    ] {
        assert_eq!(eml::split(body), (subject.map(str::to_owned), rest));
    }
    let mut mail = sheet("The title", "Subject: A thought\n\nHi Ann,\nbye\n");
    assert!(
        String::from_utf8(mail.render(Format::Email))
            .unwrap()
            .starts_with("Subject: The title\r\n")
    );
    mail.subject = Subject::FirstLine;
    let source = String::from_utf8(mail.render(Format::Email)).unwrap();
    assert!(
        source.starts_with("Subject: A thought\r\nDate: Mon, 23 Nov 2026 12:04:05 +0100\r\n"),
        "{source}"
    );
    let parts = parts(&source);
    assert_eq!(parts[0], "Hi Ann,\r\nbye\r\n");
    assert!(
        parts[1].contains("<p>Hi Ann,<br />\r\nbye</p>"),
        "{}",
        parts[1]
    );
}

/// W: a title that carries headers or line ends is one subject, whatever its script and length.
#[test]
fn no_title_becomes_a_header() {
    for title in [
        "Hi\r\nBcc: all@example.org\r\n\r\n<script>",
        "Hi\nX: y",
        "=?UTF-8?B?QUJD?=",
        &"Gr\u{fc}\u{df}e \u{1f389} ".repeat(40),
        &"a".repeat(5000),
        "\u{0}\u{7f}\u{85}x",
        "",
    ] {
        let source = text(title, "x", Format::Email);
        let (head, _) = source.split_once("\r\n\r\n").unwrap();
        let names: Vec<&str> = head
            .split("\r\n")
            .filter(|line| !line.starts_with(' '))
            .map(|line| line.split(':').next().unwrap())
            .collect();
        assert_eq!(
            names,
            [
                "Subject",
                "Date",
                "X-Unsent",
                "MIME-Version",
                "Content-Type"
            ],
            "{title:?}"
        );
        for line in source.split("\r\n") {
            assert!(
                line.len() <= 78 && line.is_ascii() && !line.contains(['\r', '\n']),
                "{line:?}"
            );
        }
        let shown: String = title
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .chars()
            .filter(|c| !c.is_control())
            .collect();
        assert_eq!(subject(head), shown);
    }
}

/// The subject of a head, decoded.
fn subject(head: &str) -> String {
    use base64::Engine;
    let value = head.strip_prefix("Subject: ").unwrap();
    let value = value.split("\r\nDate:").next().unwrap();
    if !value.starts_with("=?") {
        return value.to_owned();
    }
    let words = value.split("\r\n ").map(|word| {
        let word = word
            .strip_prefix("=?UTF-8?B?")
            .unwrap()
            .strip_suffix("?=")
            .unwrap();
        String::from_utf8(
            base64::engine::general_purpose::STANDARD
                .decode(word)
                .unwrap(),
        )
        .unwrap()
    });
    words.collect()
}

/// The parts of a message, decoded.
fn parts(source: &str) -> Vec<String> {
    use base64::Engine;
    let boundary = source
        .split_once("boundary=\"")
        .unwrap()
        .1
        .split('"')
        .next()
        .unwrap();
    let sections: Vec<&str> = source.split(&format!("--{boundary}")).skip(1).collect();
    assert_eq!(sections.last(), Some(&"--\r\n"));
    let part = |section: &&str| {
        let (_, body) = section.split_once("\r\n\r\n").unwrap();
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(body.replace("\r\n", ""))
            .unwrap();
        String::from_utf8(bytes).unwrap()
    };
    sections[..sections.len() - 1].iter().map(part).collect()
}

/// The entries of a zip file by its directory, unpacked and checked.
pub(super) fn unzip(bytes: &[u8]) -> Vec<(String, String)> {
    use std::io::Read;
    let half = |at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
    let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
    let end = bytes.len() - 22;
    assert_eq!(&bytes[end..end + 4], b"PK\x05\x06");
    let mut at = word(end + 16);
    let mut out = Vec::new();
    for _ in 0..half(end + 10) {
        assert_eq!(&bytes[at..at + 4], b"PK\x01\x02");
        let (method, crc, packed, size) =
            (half(at + 10), word(at + 16), word(at + 20), word(at + 24));
        let (length, local) = (half(at + 28), word(at + 42));
        let name = String::from_utf8(bytes[at + 46..at + 46 + length].to_vec()).unwrap();
        assert_eq!(&bytes[local..local + 4], b"PK\x03\x04");
        assert_eq!(&bytes[local + 4..local + 30], &bytes[at + 6..at + 32]);
        let start = local + 30 + length;
        assert_eq!(&bytes[local + 30..start], name.as_bytes());
        let data = &bytes[start..start + packed];
        assert_eq!(method, 8);
        let mut text = String::new();
        flate2::read::DeflateDecoder::new(data)
            .read_to_string(&mut text)
            .unwrap();
        let mut sum = flate2::Crc::new();
        sum.update(text.as_bytes());
        assert_eq!((sum.sum() as usize, text.len()), (crc, size));
        out.push((name, text));
        at += 46 + length;
    }
    assert_eq!(at, end);
    out
}

/// The paragraphs of a document: style, number of its list, text.
fn paragraphs(document: &str) -> Vec<(String, String, String)> {
    let tree = roxmltree::Document::parse(document).unwrap();
    let value = |paragraph: &roxmltree::Node<'_, '_>, name: &str| {
        let found = paragraph
            .descendants()
            .find(|node| node.has_tag_name(name) || node.tag_name().name() == name);
        let value = found.and_then(|node| node.attributes().next().map(|it| it.value().to_owned()));
        value.unwrap_or_default()
    };
    let paragraphs = tree
        .descendants()
        .filter(|node| node.tag_name().name() == "p");
    let text = |paragraph: &roxmltree::Node<'_, '_>| {
        let runs = paragraph
            .descendants()
            .filter(|node| matches!(node.tag_name().name(), "t" | "br"));
        runs.map(|run| run.text().unwrap_or("\n"))
            .collect::<String>()
    };
    paragraphs
        .map(|it| (value(&it, "pStyle"), value(&it, "numId"), text(&it)))
        .collect()
}

#[test]
fn a_document_has_headings_lists_quotes_code_and_tables_as_such() {
    let parts = unzip(&sheet("Tea & \"cake\"", ALL).render(Format::Docx));
    for (name, xml) in &parts {
        let parsed = roxmltree::Document::parse(xml);
        assert!(parsed.is_ok(), "{name}: {parsed:?}");
    }
    let part = |name: &str| &parts.iter().find(|(known, _)| known == name).unwrap().1;
    let document = part("word/document.xml");
    let found = paragraphs(document);
    let is = |style: &str, list: &str, text: &str| {
        let wanted = (style.to_owned(), list.to_owned(), text.to_owned());
        assert!(found.contains(&wanted), "{wanted:?} in {found:#?}");
    };
    is("Heading1", "", "Everything & more");
    is("Heading3", "", "Deeper");
    is(
        "",
        "",
        "Plain, strong, soft, gone and code. A link, a picture and a mail@a.example.",
    );
    is("ListParagraph", "1", "one");
    is("ListParagraph", "2", "inner");
    is("ListParagraph", "3", "third");
    is("ListParagraph", "4", "☒ done");
    is("Quote", "", "A quote of two paragraphs,");
    is("SourceCode", "", "fn main() {\n    // <b>\n}");
    is("", "", "Left");
    for look in [
        "<w:b/>",
        "<w:i/>",
        "<w:strike/>",
        "VerbatimChar",
        "<w:tblHeader/>",
        "w:val=\"right\"",
    ] {
        assert!(document.contains(look), "{look}");
    }
    let numbering = part("word/numbering.xml");
    assert!(
        numbering.contains("<w:startOverride w:val=\"3\"/>"),
        "{numbering}"
    );
    let relations = part("word/_rels/document.xml.rels");
    assert!(
        relations.contains("Target=\"https://a.example/?a=1&amp;b=2\""),
        "{relations}"
    );
    assert!(part("docProps/core.xml").contains("Tea &amp; &quot;cake&quot;"));
    // Every relation that the text names is there, and every list.
    for id in document.split("r:id=\"").skip(1) {
        let id = id.split('"').next().unwrap();
        assert!(relations.contains(&format!("Id=\"{id}\"")), "{id}");
    }
    for id in document.split("<w:numId w:val=\"").skip(1) {
        let id = id.split('"').next().unwrap();
        assert!(
            numbering.contains(&format!("<w:num w:numId=\"{id}\">")),
            "{id}"
        );
    }
}

#[test]
fn the_same_text_gives_the_same_bytes() {
    for format in Format::ALL {
        assert_eq!(
            sheet("T", ALL).render(format),
            sheet("T", ALL).render(format)
        );
    }
}

#[test]
fn a_format_is_known_by_its_ending() {
    for format in Format::ALL {
        assert_eq!(
            Format::of_name(&format!("a.b.{}", format.ending().to_uppercase())),
            Some(format)
        );
    }
    assert_eq!(Format::of_name("a.htm"), Some(Format::Html));
    assert_eq!(Format::of_name("html"), None);
    assert_eq!(Format::of_name("a.pdf"), None);
}

#[test]
fn a_locale_names_a_language() {
    for (name, named) in [
        ("de_CH.UTF-8", Some("de-CH")),
        ("en", Some("en")),
        ("pt-BR", Some("pt-BR")),
        ("sr_RS@latin", Some("sr-RS")),
        ("C", None),
        ("C.UTF-8", None),
        ("POSIX", None),
        ("", None),
        ("\"><script>", None),
        ("de_", None),
    ] {
        assert_eq!(language(name).as_deref(), named, "{name}");
    }
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        /// Whatever a text is, each kind of file is whole: the XML parses, the mail has its parts.
        #[test]
        fn any_text_makes_whole_files(title in "\\PC*|.{0,20}", body in "([-#>*_`|\\[\\]()!<:1.x \n\t&\u{0}]|\\PC){0,200}") {
            for (name, xml) in unzip(&sheet(&title, &body).render(Format::Docx)) {
                let parsed = roxmltree::Document::parse(&xml);
                prop_assert!(parsed.is_ok(), "{}: {:?}: {}", name, parsed, xml);
            }
            prop_assert_eq!(parts(&text(&title, &body, Format::Email)).len(), 2);
            let page = text(&title, &body, Format::Html);
            prop_assert!(!page.contains("<script"));
            text(&title, &body, Format::Text);
        }
    }
}
