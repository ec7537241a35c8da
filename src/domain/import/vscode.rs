//! Prompt files of VS Code: `.prompt.md` with front matter and `${input:…}`.
//!
//! What the editor knows (the selection, the open file) becomes an input. Files that the text links
//! to are never opened.

use super::braces::{Nested, between, scan};
use super::sketch::{Bit, Field, Kind, Sketch};
use super::tree;
use super::{Given, Thing};

pub(super) fn read(given: &Given<'_>) -> Vec<Thing> {
    let name = given.stem().to_owned();
    let sketch = sketch(given);
    let named = sketch.as_ref().ok().map(|sketch| sketch.title.clone());
    let name = named.filter(|title| !title.is_empty()).unwrap_or(name);
    Thing::only(name, sketch)
}

fn sketch(given: &Given<'_>) -> Result<Sketch, String> {
    let (keys, body) = tree::loose_front(given.text)?;
    let mut sketch = Sketch {
        title: tree::text(&keys, "name")?.unwrap_or_default(),
        description: tree::text(&keys, "description")?.unwrap_or_default(),
        ..Sketch::default()
    };
    for (key, why) in [
        ("mode", "a template has one mode"),
        ("agent", "a template has no agents"),
        ("tools", "a template calls no tools"),
    ] {
        if keys.get(key).is_some_and(|value| !value.is_null()) {
            sketch.leave(format!("{key}: {why}"));
        }
    }
    match keys.get("model") {
        Some(serde_json::Value::String(model)) => sketch.model(model),
        Some(serde_json::Value::Null) | None => {}
        Some(other) => sketch.leave(format!("model: {} is not one model", tree::what(other))),
    }
    let known = [
        "name",
        "description",
        "mode",
        "agent",
        "tools",
        "model",
        "argument-hint",
    ];
    for key in tree::others(&keys, &known) {
        sketch.leave(format!("{key}: a template has no such setting"));
    }
    let body = scan(body, "${", |here| {
        let (inner, length) = between(here, ("${", "}"), Nested::Never)?;
        variable(&mut sketch, inner).map(|bit| (length, bit))
    });
    sketch.body = body;
    links(&mut sketch, given.text);
    if sketch.body.is_blank() {
        return Err("there is no prompt in it".to_owned());
    }
    Ok(sketch)
}

fn variable(sketch: &mut Sketch, inner: &str) -> Option<Bit> {
    let field = match inner.split_once(':') {
        Some(("input", rest)) => {
            let (name, help) = rest.split_once(':').unwrap_or((rest, ""));
            let name = name.trim();
            if name.is_empty() {
                return None;
            }
            Field {
                help: help.to_owned(),
                ..Field::line(name)
            }
        }
        None => {
            let (name, label, kind) = match inner {
                "selection" | "selectedText" => ("selection", "Selected text", Kind::Text),
                "file" => ("file", "Path of the file", Kind::Line),
                "fileBasename" => ("file_name", "Name of the file", Kind::Line),
                "fileBasenameNoExtension" => ("file_stem", "Name without ending", Kind::Line),
                "fileDirname" => ("file_folder", "Folder of the file", Kind::Line),
                "workspaceFolder" => ("workspace", "Folder of the project", Kind::Line),
                "workspaceFolderBasename" => ("workspace_name", "Name of the project", Kind::Line),
                _ => {
                    sketch.leave(format!("`${{{inner}}}`: no variable, so it stays as text"));
                    return None;
                }
            };
            sketch.leave(format!(
                "`${{{inner}}}`: the editor fills it in; here it is an input"
            ));
            Field {
                label: label.to_owned(),
                stdin: kind == Kind::Text,
                kind,
                ..Field::line(name)
            }
        }
        Some(_) => {
            sketch.leave(format!("`${{{inner}}}`: no variable, so it stays as text"));
            return None;
        }
    };
    let name = field.name.clone();
    let help = field.help.clone();
    let known = sketch.field(field);
    if known.help.is_empty() {
        known.help = help;
    }
    Some(Bit::Value(name, None))
}

/// Tells which files the editor would read along.
fn links(sketch: &mut Sketch, text: &str) {
    let mut told = 0;
    for part in text.split("](").skip(1) {
        let target = part.split([')', '\n']).next().unwrap_or_default();
        let outside = target.contains("://") || target.starts_with(['#', '<']);
        if !target.is_empty() && !outside && target.len() < 200 && told < 20 {
            sketch.leave(format!(
                "link to `{target}`: no file is read; the link stays"
            ));
            told += 1;
        }
    }
    for part in text.split("#file:").skip(1) {
        let target = part.split_whitespace().next().unwrap_or_default();
        if !target.is_empty() && target.len() < 200 && told < 20 {
            sketch.leave(format!(
                "`#file:{target}`: no file is read; it stays as text"
            ));
            told += 1;
        }
    }
}
