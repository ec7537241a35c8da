//! A document for word processors: headings, lists, quotes, code, tables and links as such, so
//! that its outline and its styles work there.
//!
//! Owns the parts of the file; the words are written in `body`.

mod body;

use super::html::escaped;
use super::{Sheet, styles, zip};
use body::{Body, Numbered};
use std::fmt::Write;

const MAIN: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const DECLARED: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
/// Levels that a list has in a word processor.
const LEVELS: usize = 9;
/// Twentieths of a point that a level is indented by.
const STEP: usize = 360;

/// The file.
pub(super) fn file(sheet: &Sheet) -> Vec<u8> {
    let body = Body::of(&sheet.body);
    let document = format!(
        "{DECLARED}<w:document xmlns:w=\"{MAIN}\" xmlns:r=\"{RELATIONS}\"><w:body>{}<w:sectPr>\
         <w:pgMar w:top=\"1440\" w:right=\"1440\" w:bottom=\"1440\" w:left=\"1440\" w:header=\"708\" w:footer=\"708\" w:gutter=\"0\"/>\
         </w:sectPr></w:body></w:document>",
        body.xml
    );
    zip::archive(&[
        ("[Content_Types].xml", styles::TYPES.to_owned()),
        ("_rels/.rels", styles::PARTS.to_owned()),
        ("word/document.xml", document),
        ("word/_rels/document.xml.rels", relations(&body.links)),
        ("word/styles.xml", word_styles(&sheet.language)),
        ("word/numbering.xml", numbering(&body.lists)),
        ("docProps/core.xml", core(sheet)),
    ])
}

fn core(sheet: &Sheet) -> String {
    let at = sheet.at.timestamp().strftime("%Y-%m-%dT%H:%M:%SZ");
    format!(
        "{DECLARED}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title><dc:language>{}</dc:language>\
         <dcterms:created xsi:type=\"dcterms:W3CDTF\">{at}</dcterms:created></cp:coreProperties>",
        escaped(&sheet.title),
        escaped(&sheet.language),
    )
}

/// Where the document leads: its own parts, then its links in order.
fn relations(links: &[String]) -> String {
    let mut out = format!(
        "{DECLARED}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rIdStyles\" Type=\"{RELATIONS}/styles\" Target=\"styles.xml\"/>\
         <Relationship Id=\"rIdNumbering\" Type=\"{RELATIONS}/numbering\" Target=\"numbering.xml\"/>"
    );
    for (at, url) in links.iter().enumerate() {
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "<Relationship Id=\"rId{at}\" Type=\"{RELATIONS}/hyperlink\" Target=\"{}\" TargetMode=\"External\"/>",
            escaped(url)
        );
    }
    out.push_str("</Relationships>");
    out
}

fn word_styles(language: &str) -> String {
    let mut out = format!(
        "{DECLARED}<w:styles xmlns:w=\"{MAIN}\"><w:docDefaults><w:rPrDefault><w:rPr>\
         <w:rFonts w:ascii=\"Calibri\" w:hAnsi=\"Calibri\" w:cs=\"Calibri\" w:eastAsia=\"Calibri\"/>\
         <w:sz w:val=\"22\"/><w:lang w:val=\"{}\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>\
         <w:spacing w:after=\"160\" w:line=\"276\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults>{}",
        escaped(language),
        styles::WORD,
    );
    for (at, size) in [36, 30, 26, 24, 22, 22].into_iter().enumerate() {
        let level = at + 1;
        let _ = write!(
            out,
            "<w:style w:type=\"paragraph\" w:styleId=\"Heading{level}\"><w:name w:val=\"heading {level}\"/>\
             <w:basedOn w:val=\"Normal\"/><w:next w:val=\"Normal\"/><w:qFormat/><w:pPr><w:keepNext/>\
             <w:spacing w:before=\"240\" w:after=\"120\"/><w:outlineLvl w:val=\"{at}\"/></w:pPr>\
             <w:rPr><w:b/><w:sz w:val=\"{size}\"/></w:rPr></w:style>"
        );
    }
    out.push_str("</w:styles>");
    out
}

/// The kinds of list, then each list, which counts for itself.
fn numbering(lists: &[Numbered]) -> String {
    let mut out = format!("{DECLARED}<w:numbering xmlns:w=\"{MAIN}\">");
    for (id, form) in ["bullet", "decimal"].into_iter().enumerate() {
        let _ = write!(out, "<w:abstractNum w:abstractNumId=\"{id}\">");
        for level in 0..LEVELS {
            let sign = match form {
                "bullet" => ["•", "◦", "▪"][level % 3].to_owned(),
                _ => format!("%{}.", level + 1),
            };
            let left = STEP * (level + 1);
            let _ = write!(
                out,
                "<w:lvl w:ilvl=\"{level}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{form}\"/><w:lvlText w:val=\"{sign}\"/>\
                 <w:lvlJc w:val=\"left\"/><w:pPr><w:ind w:left=\"{left}\" w:hanging=\"{STEP}\"/></w:pPr></w:lvl>"
            );
        }
        out.push_str("</w:abstractNum>");
    }
    for (at, list) in lists.iter().enumerate() {
        let (id, level) = (at + 1, list.level);
        let kind = usize::from(list.start.is_some());
        let _ = write!(
            out,
            "<w:num w:numId=\"{id}\"><w:abstractNumId w:val=\"{kind}\"/>"
        );
        if let Some(start) = list.start {
            let start = start.min(i32::MAX as u64);
            let _ = write!(
                out,
                "<w:lvlOverride w:ilvl=\"{level}\"><w:startOverride w:val=\"{start}\"/></w:lvlOverride>"
            );
        }
        out.push_str("</w:num>");
    }
    out.push_str("</w:numbering>");
    out
}
