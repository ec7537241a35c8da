//! The payload inspector: the request as it would be sent now, and three copies of it.
//!
//! Owns which request that is, and the command line that makes the same one. The request itself is
//! put together outside, where keys and what was learnt are known. Never sends anything.

use super::attaching::Then;
use super::dialog::{Dialog, Outcome};
use super::effect::Effect;
use super::generate::sent_for;
use super::key::{Code, Key};
use super::output::{Origin, Variant};
use super::{App, Pane, Weight};
use crate::domain::brief::{Brief, Value};
use crate::domain::failure::{Failure, Reply};
use crate::domain::prompt::Request;
use crate::domain::shell::quoted;
use crate::domain::template::Template;
use crate::provider::payload::Payload;
use std::collections::HashSet;

/// The inspector.
#[derive(Debug)]
pub struct Inspection {
    /// Tells it from one that was open before.
    pub id: u64,
    /// What stands above the body, a line each.
    pub head: Vec<String>,
    /// The body for people, a line each.
    pub body: Vec<String>,
    /// What stands below it: what is not as it was wished, and what the server said.
    pub notes: Vec<String>,
    /// First row shown.
    pub scroll: usize,
    /// Of several models, which one it is, from 0, and how many there are.
    pub turn: Option<(usize, usize)>,
    copies: Copies,
}

/// What can be copied.
#[derive(Debug)]
struct Copies {
    body: String,
    curl: String,
    /// The command line, or why there is none.
    run: Result<String, String>,
}

/// A text for the clipboard.
#[derive(Debug, PartialEq, Eq)]
pub struct Copied {
    /// The text.
    pub text: String,
    /// What it is, for the notice.
    pub what: &'static str,
}

/// What the inspector is asked for, beside the request.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The variable that stands for the key.
    pub variable: String,
    /// The command line that makes the same request, or why there is none.
    pub run: Result<String, String>,
    /// What the server answered, if it was a failure.
    pub reply: Option<Box<Reply>>,
    /// Of several models, which one it is, from 0, and how many there are.
    pub turn: Option<(usize, usize)>,
}

impl Inspection {
    fn new(id: u64, payload: &Payload, asked: Asked) -> Self {
        let body = payload.body.text();
        let mut head = vec![format!("POST {}", payload.url)];
        head.extend(payload.headers(&asked.variable));
        head.push(format!(
            "{} bytes, sent as one line; b copies exactly those",
            body.len()
        ));
        let left_out = payload.body.left_out.iter().map(ToString::to_string);
        let known = payload.body.remedied.iter();
        let known = known.map(|remedy| format!("the server {remedy}"));
        let mut notes: Vec<String> = left_out.chain(known).collect();
        notes.extend(asked.reply.iter().flat_map(|reply| said(reply)));
        Self {
            id,
            head,
            body: payload.body.pretty().lines().map(str::to_owned).collect(),
            notes,
            scroll: 0,
            turn: asked.turn,
            copies: Copies {
                curl: payload.curl(&asked.variable, &body),
                body,
                run: asked.run,
            },
        }
    }

    /// Takes a key.
    pub(super) fn key(&mut self, key: Key) -> Outcome {
        let copied = |text: &str, what| {
            Outcome::Copy(Copied {
                text: text.to_owned(),
                what,
            })
        };
        let by = match key.code {
            Code::Esc | Code::Char('q') | Code::F(8) => return Outcome::Close,
            Code::Char('b') => return copied(&self.copies.body, "the request body"),
            Code::Char('c') if !key.ctrl => return copied(&self.copies.curl, "a curl command"),
            Code::Char('r') => {
                return match &self.copies.run {
                    Ok(line) => copied(line, "a copydesk command"),
                    Err(why) => Outcome::Say(why.clone()),
                };
            }
            Code::Tab | Code::Right if self.turn.is_some() => return Outcome::InspectOther(1),
            Code::Left if self.turn.is_some() => {
                return Outcome::InspectOther(-1);
            }
            Code::Down | Code::Char('j') => 1,
            Code::Up | Code::Char('k') => -1,
            Code::PageDown | Code::Char(' ') => 10,
            Code::PageUp => -10,
            Code::Home | Code::Char('g') => isize::MIN,
            Code::End | Code::Char('G') => isize::MAX,
            _ => 0,
        };
        self.step(by);
        Outcome::Stay
    }

    /// Scrolls; the drawing says how far that goes.
    pub(super) fn step(&mut self, by: isize) {
        self.scroll = self.scroll.saturating_add_signed(by);
    }
}

/// What a server answered, line by line.
fn said(reply: &Reply) -> Vec<String> {
    let mut lines = vec!["the server answered:".to_owned()];
    let headers = reply.headers.iter();
    lines.extend(headers.map(|(name, value)| format!("  {name}: {value}")));
    let body: String = reply.body.chars().take(4_000).collect();
    lines.extend(body.lines().map(|line| format!("  {line}")));
    lines
}

impl App {
    /// Asks for the request as it would be sent now: of the variant shown where that is looked at,
    /// else of the form.
    pub(super) fn inspect_payload(&mut self) -> Vec<Effect> {
        match self.output.shown().filter(|_| self.focus == Pane::Output) {
            Some(variant) => self.inspect_run(variant),
            None => self.inspect_coming(),
        }
    }

    /// Asks for the request that a variant was sent with.
    pub(super) fn inspect_run(&self, variant: &Variant) -> Vec<Effect> {
        let reply = match &variant.phase {
            super::output::Phase::Failed(failure) => failure.reply.clone(),
            _ => None,
        };
        let run = if variant.continues.is_empty() {
            self.command_line(&variant.origin)
        } else {
            Err("it goes on with a text; no command makes it".to_owned())
        };
        let provider = variant.origin.provider.clone();
        let asked = self.asked(&provider, run);
        Self::inspect((provider, sent_for(variant)), Asked { reply, ..asked })
    }

    /// Asks for the request of the form.
    pub(super) fn inspect_coming(&mut self) -> Vec<Effect> {
        self.inspect_turn(0)
    }

    /// Asks for the request to the model so many places on from the one shown.
    pub(super) fn inspect_other(&mut self, by: isize) -> Vec<Effect> {
        let Some(Dialog::Payload(shown)) = self.dialogs.last() else {
            return Vec::new();
        };
        let Some((at, count)) = shown.turn else {
            return Vec::new();
        };
        let next = at.cast_signed() + by;
        self.inspect_turn(next.rem_euclid(count.max(1).cast_signed()).cast_unsigned())
    }

    /// The same of one of the models that the form asks.
    fn inspect_turn(&mut self, at: usize) -> Vec<Effect> {
        // What is known of the server's list is what would be sent by all that is known.
        let guess = self.known_first();
        if let Some((name, id)) = &guess {
            self.settings.take_first(name, id);
        }
        let composed = self.compose(Then::Inspect);
        if let Some((name, _)) = &guess {
            self.settings.forget_first(name);
        }
        match composed {
            Ok(mut origin) => {
                let mut models = self.coming_models();
                let mut seen = HashSet::new();
                models.retain(|model| seen.insert(model.clone()));
                let turn = (models.len() > 1).then_some((at, models.len()));
                if let Some(model) = models.get(at).filter(|_| turn.is_some()) {
                    origin.request.model.clone_from(model);
                }
                let run = self.command_line(&origin);
                let note = self.stand_in(&origin);
                let asked = self.asked(&origin.provider, run);
                let asked = Asked { turn, ..asked };
                let mut effects = Self::inspect((origin.provider, origin.request), asked);
                effects.extend(
                    note.into_iter()
                        .flat_map(|note| self.tell(Weight::Note, note)),
                );
                effects
            }
            Err(told) => told,
        }
    }

    fn asked(&self, provider: &str, run: Result<String, String>) -> Asked {
        let known = self.settings.providers.get(provider);
        Asked {
            variable: known.map(|it| it.key_env.clone()).unwrap_or_default(),
            run,
            reply: None,
            turn: None,
        }
    }

    fn inspect((provider, request): (String, Request), asked: Asked) -> Vec<Effect> {
        vec![Effect::Inspect {
            provider,
            request,
            asked: Box::new(asked),
        }]
    }

    /// Shows a request.
    pub(super) fn on_payload(
        &mut self,
        result: Result<Box<Payload>, Failure>,
        asked: Asked,
    ) -> Vec<Effect> {
        let payload = match result {
            Ok(payload) => payload,
            Err(failure) => return self.fail(&failure),
        };
        self.counter += 1;
        let inspection = Inspection::new(self.counter, &payload, asked);
        self.dialogs
            .retain(|dialog| !matches!(dialog, Dialog::Payload(_)));
        self.dialogs.push(Dialog::Payload(Box::new(inspection)));
        Vec::new()
    }

    /// Copies what is filled in as the command line that sends the same.
    pub(super) fn copy_brief(&mut self) -> Vec<Effect> {
        let Some(form) = &self.form else {
            return Vec::new();
        };
        let provider = match self.settings.provider(None) {
            Ok(provider) => provider,
            Err(failure) => return self.fail(&failure),
        };
        let template = &form.template;
        let mut models = self.settings.models_for(provider, &template.model);
        let only = models
            .pop()
            .filter(|id| models.is_empty() && !id.is_empty() && !provider.is_practice());
        let line = command_line(template, &form.brief(), (&provider.name, only.as_deref()));
        match line {
            Ok(text) => vec![Effect::CopyAs {
                text,
                what: "a copydesk command",
            }],
            Err(why) => self.tell(Weight::Bad, why),
        }
    }

    fn command_line(&self, origin: &Origin) -> Result<String, String> {
        if origin.edited_prompt {
            return Err("the prompt was edited by hand; no command makes it".to_owned());
        }
        let form = self.form.as_ref().map(|form| &form.template);
        let template = form.filter(|template| template.hash == origin.template_hash);
        let template = template.ok_or("open the form of its template first")?;
        let practice = self
            .settings
            .providers
            .get(&origin.provider)
            .is_some_and(crate::config::Provider::is_practice);
        let model = (!practice).then_some(origin.request.model.as_str());
        command_line(template, &origin.brief, (&origin.provider, model))
    }
}

/// `copydesk run …` with everything that is not as it would be without being mentioned.
fn command_line(
    template: &Template,
    brief: &Brief,
    (provider, model): (&str, Option<&str>),
) -> Result<String, String> {
    let mut words = vec!["copydesk".to_owned(), "run".to_owned()];
    let dashed = template.name.starts_with('-');
    if !dashed {
        words.push(quoted(&template.name));
    }
    let mut fed = false;
    for input in &template.inputs {
        let given = brief.get(&input.name);
        if given == input.settled(None).as_ref() && !input.moves() {
            continue;
        }
        let image = input.takes_a_path();
        for value in values_of(given) {
            if value.contains('\0') {
                let name = &input.name;
                return Err(format!("{name} holds a NUL, which no command line carries"));
            }
            // A lone dash is the word for stdin.
            fed |= value == "-" && !image;
            words.push(if image { "-f" } else { "-i" }.to_owned());
            words.push(quoted(&format!("{}={value}", input.name)));
        }
    }
    words.extend(flag("-p", "--provider", provider));
    words.extend(model.into_iter().flat_map(|id| flag("-m", "--model", id)));
    if dashed {
        words.extend(["--".to_owned(), quoted(&template.name)]);
    }
    let line = words.join(" ");
    Ok(if fed {
        format!("printf %s - | {line}")
    } else {
        line
    })
}

/// What stands behind `-i name=`, once for each value of several.
fn values_of(given: Option<&Value>) -> Vec<String> {
    match given {
        Some(Value::List(chosen)) if !chosen.is_empty() => chosen.clone(),
        other => vec![other.map(ToString::to_string).unwrap_or_default()],
    }
}

/// A flag with its value, which may begin like a flag itself.
fn flag(short: &str, long: &str, value: &str) -> Vec<String> {
    if value.starts_with('-') {
        return vec![quoted(&format!("{long}={value}"))];
    }
    vec![short.to_owned(), quoted(value)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(source: &str, values: &[(&str, Value)]) -> Result<String, String> {
        let template = Template::parse("t", "t.md", source).unwrap();
        let brief: Brief = values
            .iter()
            .map(|(name, value)| (*name, value.clone()))
            .collect();
        command_line(&template, &template.settled(&brief), ("openai", Some("m1")))
    }

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    #[test]
    fn a_command_line_names_only_what_is_not_as_by_default() {
        let source = "---\ninputs:\n  a: {}\n  words: {type: number, default: 800}\n  \
                      on: {type: toggle, default: true}\n---\n{{ a }}{{ words }}{{ on }}";
        assert_eq!(
            line(source, &[("a", text("it's\n$x"))]),
            Ok("copydesk run t -i 'a=it'\\''s\n$x' -p openai -m m1".to_owned())
        );
        let changed = [
            ("a", text("-x")),
            ("words", text("")),
            ("on", Value::Toggle(false)),
        ];
        assert_eq!(
            line(source, &changed),
            Ok("copydesk run t -i a=-x -i words= -i on=false -p openai -m m1".to_owned())
        );
    }

    #[test]
    fn what_a_shell_or_a_flag_would_take_for_something_else_is_written_around() {
        assert_eq!(
            line("{{ a }}{{ b }}", &[("a", text("-")), ("b", text("-"))]),
            Ok("printf %s - | copydesk run t -i a=- -i b=- -p openai -m m1".to_owned())
        );
        let told = line("{{ a }}", &[("a", text("x\0y"))]).unwrap_err();
        assert!(told.contains("NUL"), "{told}");
        let template = Template::parse("-t", "-t.md", "Hi").unwrap();
        assert_eq!(
            command_line(&template, &Brief::default(), ("-p", Some("-m"))),
            Ok("copydesk run --provider=-p --model=-m -- -t".to_owned())
        );
    }
}
