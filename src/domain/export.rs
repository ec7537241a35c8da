//! Templates for other tools.
//!
//! Owns what a template is in the words of `llm`, and says what those words cannot carry. What is
//! chosen by conditions there is chosen here, with every field filled in. Writes nothing.

use crate::domain::brief::{Brief, Value};
use crate::domain::draft::yaml;
use crate::domain::render::{Rendered, preview};
use crate::domain::template::{InputKind, Problem, Snippets, Template};

/// A template in the words of another tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The whole file.
    pub text: String,
    /// What could not be carried, and why.
    pub left: Vec<String>,
}

/// Stands around the number of an input while its place in the text is looked for: two signs that
/// no text has, of those that Unicode leaves to programs.
const OPEN: char = '\u{10fffd}';
const CLOSE: char = '\u{10fffc}';

/// The template as YAML for `llm`.
///
/// # Errors
/// When the prompt cannot be rendered.
pub fn llm(template: &Template, snippets: &dyn Snippets) -> Result<Exported, Problem> {
    let mut left = Vec::new();
    let rendered = marked(template, snippets, &mut left)?;
    let main = main_input(template);
    let text = |text: &str| plain(template, main, text);
    let mut out = String::new();
    let prompt = &rendered.prompt;
    if let Some(system) = &prompt.system {
        yaml::push_text(&mut out, 0, "system", &text(system));
    }
    yaml::push_text(&mut out, 0, "prompt", &text(&prompt.user));
    let everything = [prompt.system.as_deref().unwrap_or_default(), &prompt.user].concat();
    push_defaults(&mut out, template, main, &everything);
    if let Some(id) = &template.model.id {
        yaml::push_text(&mut out, 0, "model", id);
    }
    push_options(&mut out, template, &mut left);
    if let Some(schema) = &template.output.schema {
        // JSON is YAML, too.
        yaml::push_raw(&mut out, 0, "schema_object", &schema.value.to_string());
    }
    if !prompt.examples.is_empty() {
        left.push("examples: llm has none".to_owned());
    }
    if template.output.target_words.is_some() {
        left.push("output.target_words: llm counts no words".to_owned());
    }
    Ok(Exported { text: out, left })
}

/// The prompt with a mark in the place of each value that a person gives.
fn marked(
    template: &Template,
    snippets: &dyn Snippets,
    left: &mut Vec<String>,
) -> Result<Rendered, Problem> {
    let mark = |at: usize| format!("{OPEN}{at}{CLOSE}");
    let mut brief = Brief::default();
    let mut numbers = Brief::default();
    for (at, input) in template.inputs.iter().enumerate() {
        let name = input.name.clone();
        match &input.kind {
            InputKind::Toggle => {
                let on = input.default == Some(Value::Toggle(true));
                let word = if on { "on" } else { "off" };
                left.push(format!(
                    "`{name}`: taken as {word}, because llm has no conditions"
                ));
                brief.set(name, Value::Toggle(on));
            }
            InputKind::Image => {
                left.push(format!("`{name}`: give the image with `llm -a FILE`"));
            }
            InputKind::Choices { .. } => brief.set(name, Value::List(vec![mark(at)])),
            InputKind::Number { min, .. } => {
                let number = match input.default {
                    Some(Value::Number(number)) => number,
                    _ => min.unwrap_or(1.0),
                };
                numbers.set(name.clone(), Value::Number(number));
                brief.set(name, Value::Text(mark(at)));
            }
            _ => brief.set(name, Value::Text(mark(at))),
        }
    }
    for (name, value) in numbers.iter() {
        let calculated = preview(template, &brief, snippets)
            .ok()
            .is_none_or(|marked| {
                let mark = brief.get(name).map(ToString::to_string).unwrap_or_default();
                let mut tried = brief.clone();
                tried.set(name, value.clone());
                let tried = preview(template, &tried, snippets);
                let expected = |text: &str| text.replace(&mark, &value.to_string());
                tried.is_ok_and(|tried| tried.prompt.user != expected(&marked.prompt.user))
            });
        // A template that calculates with a number cannot do so with a mark.
        if calculated {
            left.push(format!(
                "`{name}`: taken as {value}, because llm does not calculate"
            ));
            brief.set(name, value.clone());
        }
    }
    preview(template, &brief, snippets)
}

/// The input that takes what is piped: `$input` there.
fn main_input(template: &Template) -> Option<usize> {
    let text = |kind: &InputKind| matches!(kind, InputKind::Text | InputKind::File);
    let mut inputs = template.inputs.iter();
    let piped = inputs.position(|input| input.stdin);
    let mut inputs = template.inputs.iter();
    piped.or_else(|| inputs.position(|input| input.required && text(&input.kind)))
}

/// A text of Python's `string.Template`: dollar signs doubled, marks as names.
fn plain(template: &Template, main: Option<usize>, text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let doubled = text.replace('$', "$$");
    let mut parts = doubled.split(OPEN);
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let (at, rest) = part.split_once(CLOSE).unwrap_or(("", part));
        let input = at.parse::<usize>().ok();
        let name = input.and_then(|at| template.inputs.get(at));
        match name {
            Some(_) if input == main => out.push_str("${input}"),
            Some(input) => {
                out.push_str("${");
                out.push_str(&input.name);
                out.push('}');
            }
            None => {}
        }
        out.push_str(rest);
    }
    out
}

/// The defaults of inputs that stand in the text.
fn push_defaults(out: &mut String, template: &Template, main: Option<usize>, text: &str) {
    let mut head = "defaults:\n";
    for (at, input) in template.inputs.iter().enumerate() {
        let used = text.contains(&format!("{OPEN}{at}{CLOSE}")) && Some(at) != main;
        let default = match &input.default {
            Some(default) => default.to_string(),
            // llm asks for every name that has no default.
            None if !input.required => String::new(),
            None => continue,
        };
        if used {
            out.push_str(head);
            head = "";
            yaml::push_text(out, 2, &input.name, &default);
        }
    }
}

fn push_options(out: &mut String, template: &Template, left: &mut Vec<String>) {
    let params = &template.model.params;
    let limit = params.max_output_tokens.map(f64::from);
    let mut head = "options:\n";
    for (key, value) in [
        ("temperature", params.temperature),
        ("top_p", params.top_p),
        ("max_tokens", limit),
    ] {
        if let Some(value) = value {
            out.push_str(head);
            head = "";
            yaml::push_raw(out, 2, key, &value.to_string());
        }
    }
    for (key, value) in [
        ("reasoning", &params.reasoning),
        ("verbosity", &params.verbosity),
    ] {
        if value.is_some() {
            left.push(format!(
                "model.params.{key}: llm has a name for it for each model"
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::import::{Format, Given, Hints, read};
    use crate::domain::render::{NoSnippets, render};

    #[test]
    fn a_template_goes_to_llm_and_comes_back_the_same() {
        let source = "---\nsystem: Be brief. It costs $5.\ninputs:\n  text: {type: text, required: true, stdin: true}\n  \
                      tone: {type: choice, options: [warm, cold]}\n  words: {type: number, default: 80}\n  on: {type: toggle, default: true}\n\
                      model: {id: m1, params: {temperature: 0.5, max_output_tokens: 90}}\n---\n\
                      Write {{ tone }}, {{ words }} words{% if on %}, on{% endif %}. {{ '{{x}}' }}\n{{ text }}\n";
        let template = Template::parse("t", "t.md", source).unwrap();
        let exported = llm(&template, &NoSnippets).unwrap();
        let left = ["`on`: taken as on, because llm has no conditions"];
        assert_eq!(exported.left, left);
        let hints = Hints::default();
        let given = Given {
            path: "t.yaml",
            root: "",
            text: &exported.text,
            hints: &hints,
        };
        let back = read(Format::Llm, &given).remove(0).unwrap();
        assert_eq!(back.left, Vec::<String>::new(), "{}", exported.text);
        let brief = |name: &str| -> Brief {
            [(name, Value::Text("A $text".to_owned()))]
                .into_iter()
                .collect()
        };
        let ours = render(&template, &brief("text"), &NoSnippets)
            .unwrap()
            .prompt;
        let theirs = render(&back.template, &brief("input"), &NoSnippets)
            .unwrap()
            .prompt;
        assert_eq!((theirs.system, theirs.user), (ours.system, ours.user));
        assert_eq!(theirs.params, ours.params);
    }

    #[test]
    fn a_number_that_is_calculated_with_is_taken_as_its_default() {
        let source = "---\ninputs: {n: {type: number, default: 3}}\n---\nWrite {{ n * 2 }} words.";
        let template = Template::parse("t", "t.md", source).unwrap();
        let exported = llm(&template, &NoSnippets).unwrap();
        assert!(
            exported.text.contains("Write 6 words."),
            "{}",
            exported.text
        );
        assert_eq!(
            exported.left,
            ["`n`: taken as 3, because llm does not calculate"]
        );
    }
}
