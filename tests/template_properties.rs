//! What holds for every template: reading one is total, values stay data, and a hostile one ends
//! soon, in little memory, on a small stack.

use copydesk::domain::brief::{Brief, Value};
use copydesk::domain::render::{self, NoSnippets, Snippets};
use copydesk::domain::template::{Template, headline};
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// Twice what the promise says in an optimised build: tests run without optimisation.
const LIMIT: Duration = Duration::from_millis(if cfg!(debug_assertions) { 2000 } else { 200 });

fn filled(template: &Template, text: &str) -> Brief {
    let names = template.inputs.iter().map(|input| input.name.clone());
    names
        .map(|name| (name, Value::Text(text.to_owned())))
        .collect()
}

fn everything(source: &str, snippets: &dyn Snippets) -> Result<String, String> {
    let _ = headline(source);
    let mut template = Template::parse("t", "t.md", source).map_err(|error| error.to_string())?;
    template
        .infer(snippets)
        .map_err(|error| error.to_string())?;
    let _ = render::preview(&template, &Brief::default(), snippets);
    let brief = filled(&template, "x");
    let rendered =
        render::render(&template, &brief, snippets).map_err(|error| error.to_string())?;
    Ok(rendered.prompt.user)
}

/// Runs on the stack of an ordinary thread, in the time promised.
fn ends_soon(what: &str, source: String) -> Result<String, String> {
    let start = Instant::now();
    let thread = std::thread::Builder::new().stack_size(2 * 1024 * 1024);
    let Ok(run) = thread.spawn(move || everything(&source, &Itself)) else {
        unreachable!("a thread can be started");
    };
    let ended = run
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    let took = start.elapsed();
    assert!(took < LIMIT, "{what} took {took:?}");
    ended
}

/// A library whose every snippet includes itself twice.
struct Itself;

impl Snippets for Itself {
    fn get(&self, name: &str) -> Option<String> {
        Some(format!(
            "{{% include \"{name}\" %}}{{% include \"{name}\" %}}"
        ))
    }
}

type Case = (&'static str, String);

/// A step that refers to the step before it.
fn doubling(step: usize, text: &str) -> String {
    let (now, before) = (step.to_string(), (step - 1).to_string());
    text.replace('N', &now).replace('P', &before)
}

/// The same step forty times over, and what looks at the result.
fn shared(step: &str, end: &str) -> String {
    format!("{{% set a = [1, 2] %}}{}{end}", step.repeat(40))
}

/// Templates that would break a recursive parser.
fn hard_to_parse() -> Vec<Case> {
    let n = 100_000;
    vec![
        (
            "nested blocks",
            format!("{}{}", "{% if 1 %}".repeat(n), "{% endif %}".repeat(n)),
        ),
        (
            "nested blocks within 256 KB",
            format!(
                "{}{}",
                "{% if 1 %}".repeat(12_000),
                "{% endif %}".repeat(12_000)
            ),
        ),
        ("open blocks", "{% for x in y %}".repeat(15_000)),
        ("brackets", format!("{{{{ {} }}}}", "[".repeat(n))),
        (
            "short brackets",
            format!("{{{{ {}1{} }}}}", "(".repeat(900), ")".repeat(900)),
        ),
        ("minuses", format!("{{{{ {}1 }}}}", "-".repeat(1900))),
        ("nots", format!("{{{{ {}1 }}}}", "not ".repeat(480))),
        ("tildes", format!("{{{{ 1{} }}}}", "~1".repeat(900))),
        ("calls", format!("{{{{ x{} }}}}", "()".repeat(900))),
        ("filters", format!("{{{{ x{} }}}}", "|e".repeat(900))),
        ("unclosed minuses", format!("{{{{ {}", "-".repeat(200_000))),
        ("long tag", format!("{{{{ \"{}\" }}}}", "x".repeat(5000))),
        (
            "elifs",
            format!("{{% if 0 %}}{}{{% endif %}}", "{% elif 0 %}".repeat(5000)),
        ),
    ]
}

/// Templates that work or print without end.
fn hard_to_run() -> Vec<Case> {
    vec![
        ("a range without end", "{% for i in range(10**12) %}x{% endfor %}".into()),
        ("loops in loops", "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}x{% endfor %}{% endfor %}{% endfor %}".into()),
        ("a macro that calls itself twice", "{% macro f(x) %}{{ f(x) }}{{ f(x) }}{% endmacro %}{{ f(1) }}".into()),
        ("macros that double", {
            let doubles: String = (1..40).map(|i| doubling(i, "{% macro fN() %}{{ fP() }}{{ fP() }}{% endmacro %}")).collect();
            format!("{{% macro f0() %}}x{{% endmacro %}}{doubles}{{{{ f39() }}}}")
        }),
        ("strings that double", format!("{{% set a = 'xxxxxxxx' %}}{}{{{{ a }}}}", "{% set a = a ~ a %}".repeat(60))),
        ("a long string", "{{ 'x' * 10**12 }}".into()),
        ("a long list", "{{ [1] * 10**12 }}".into()),
        ("a great power", "{{ 10**10**10 }}".into()),
        ("replaced emptiness", format!("{{% set a = 'x' * 100000 %}}{}", "{% set a = a|replace('', a) %}".repeat(5))),
        ("json without end", "{{ [1]|tojson(indent=1000000) }}".into()),
        ("indent without end", "{{ 'a\nb'|indent(10**12) }}".into()),
        ("a wide format", "{{ '%1000000000d'|format(1) }}".into()),
    ]
}

/// Templates whose values hold each other twice, many times over.
fn hard_to_print() -> Vec<Case> {
    vec![
        (
            "shared lists",
            shared("{% set a = [a, a] %}", "{{ a == a }}{{ a ~ a }}"),
        ),
        ("shared tuples", shared("{% set a = a, a %}", "{{ a }}")),
        ("shared groups", shared("{% set a = (a, a) %}", "{{ a }}")),
        (
            "shared mappings",
            shared("{% set a = {'x': a, 'y': a} %}", "{{ a }}"),
        ),
        (
            "shared lists in calls",
            shared("{% set a = (1|default([a, a])) or 2 %}", "{{ a }}"),
        ),
        (
            "zipped lists",
            shared("{% set a = a|zip(a)|list %}", "{{ a }}"),
        ),
        (
            "chained lists",
            shared("{% set a = a|chain(a) %}", "{{ a|length }}"),
        ),
        (
            "filled batches",
            shared("{% set a = [1]|batch(3, a)|list %}", "{{ a }}"),
        ),
        (
            "filled slices",
            shared("{% set a = [1]|slice(3, a)|list %}", "{{ a }}"),
        ),
        (
            "mapped defaults",
            shared(
                "{% set a = [1, 2]|map(attribute='x', default=a)|list %}",
                "{{ a }}",
            ),
        ),
        (
            "shared namespaces",
            shared("{% set a = namespace(x=a, y=a) %}", "{{ a }}"),
        ),
        (
            "shared dicts",
            shared("{% set a = dict(x=a, y=a) %}", "{{ a }}"),
        ),
        (
            "lists by with",
            format!(
                "{{% with a = 1 %}}{}{{{{ a }}}}{}",
                "{% with a = [a, a] %}".repeat(36),
                "{% endwith %}".repeat(37)
            ),
        ),
        (
            "lists by macro",
            "{% macro f(a) %}{{ a == a }}{{ f([a, a]) }}{% endmacro %}{{ f(1) }}".into(),
        ),
        (
            "lists by loop",
            "{% for a in [1] recursive %}{{ loop([a, a]) }}{% endfor %}".into(),
        ),
    ]
}

/// Front matter and includes that grow without end.
fn hard_to_load() -> Vec<Case> {
    vec![
        (
            "snippets that include themselves",
            "{% include 'x' %}".into(),
        ),
        ("a name that is computed", "{% include 'x' ~ y %}".into()),
        ("yaml aliases", {
            let steps: String = (1..12)
                .map(|i| doubling(i, "aN: &aN [*aP, *aP, *aP, *aP, *aP, *aP, *aP]\n"))
                .collect();
            format!("---\na0: &a0 [x]\n{steps}---\n")
        }),
        (
            "nested yaml",
            format!("---\na: {}\n---\n", "[".repeat(100_000)),
        ),
        (
            "deep yaml",
            format!(
                "---\n{}---\n",
                (0..500).map(|i| " ".repeat(i) + "a:\n").collect::<String>()
            ),
        ),
    ]
}

#[test]
fn hostile_templates_end_with_an_error() {
    let cases = [
        hard_to_parse(),
        hard_to_run(),
        hard_to_print(),
        hard_to_load(),
    ];
    for (what, source) in cases.concat() {
        let ended = ends_soon(what, source);
        assert!(
            ended.is_err(),
            "{what} was rendered: {:?}",
            ended.map(|text| text.len())
        );
    }
}

#[test]
fn the_deepest_allowed_template_fits_on_a_small_stack() {
    let blocks = format!("{}x{}", "{% if 1 %}".repeat(40), "{% endif %}".repeat(40));
    assert_eq!(ends_soon("40 blocks", blocks).unwrap(), "x");
    let brackets = format!("{{{{ {}1{} }}}}", "(".repeat(40), ")".repeat(40));
    assert_eq!(ends_soon("40 brackets", brackets).unwrap(), "1");
    for chain in ["-", "not not "] {
        let times = 198 / chain.split_whitespace().count();
        ends_soon("a chain", format!("{{{{ {}1 }}}}", chain.repeat(times))).unwrap();
    }
    let tildes = format!("{{{{ 1{} }}}}", "~1".repeat(190));
    assert_eq!(ends_soon("tildes", tildes).unwrap().len(), 191);
    let both = format!(
        "{}{{{{ {}1{} }}}}{}",
        "{% if 1 %}".repeat(40),
        "(-".repeat(40),
        ")".repeat(40),
        "{% endif %}".repeat(40)
    );
    ends_soon("blocks and brackets", both).unwrap();
    let elifs = format!(
        "{{% if 0 %}}{}{{% else %}}x{{% endif %}}",
        "{% elif 0 %}".repeat(200)
    );
    assert_eq!(ends_soon("200 elif", elifs).unwrap(), "x");
}

#[test]
fn honest_lists_are_not_refused() {
    for (source, expected) in [
        ("{{ [a, b]|join(', ') }}", "x, x"),
        ("{% for w in [a, 'b'] %}{{ w }}{% endfor %}", "xb"),
        (
            "{% set all = [a, b] %}{{ all[0] }}{% for w in all %}{{ w }}{% endfor %}",
            "xxx",
        ),
        (
            "{% for w in a|lines %}{{ loop.index }}{{ w }}{% if not loop.last %}, {% endif %}{% endfor %}",
            "1x",
        ),
        ("{{ {'x': 'one'}[a] }}", "one"),
        (
            "{% macro f(x, y=2) %}{{ x }}{{ y }}{% endmacro %}{{ f(a) }}",
            "x2",
        ),
        (
            "{% set x %}{{ a }}!{% endset %}{{ x|upper|replace('!', '?') }}",
            "X?",
        ),
        (
            "{% if a is defined and a in ['x', b] %}yes{% endif %}",
            "yes",
        ),
    ] {
        let rendered = everything(source, &NoSnippets);
        assert_eq!(rendered.as_deref(), Ok(expected), "{source}");
    }
}

/// Pieces of templates, to get past the first character more often than random text does.
fn template_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("---\n"),
        Just("title: x\n"),
        Just("inputs:\n"),
        Just("  a: {type: text}\n"),
        Just("  b:\n"),
        Just("system: {{ a }}\n"),
        Just("{{"),
        Just("}}"),
        Just("{%"),
        Just("%}"),
        Just("{#"),
        Just("#}"),
        Just(" a "),
        Just(" if "),
        Just(" for "),
        Just(" in "),
        Just(" set "),
        Just(" endif "),
        Just(" endfor "),
        Just("= "),
        Just("|lines"),
        Just("["),
        Just("]"),
        Just("("),
        Just(")"),
        Just(", "),
        Just("'"),
        Just("\""),
        Just("\\"),
        Just("\r\n"),
        Just("\u{feff}"),
        Just("é"),
        Just("raw"),
        Just(" - "),
        Just("include 'x'"),
        Just("macro f(a)"),
        Just("endmacro"),
        Just("with "),
        Just("&a "),
        Just("*a "),
        Just("- "),
        Just("\t"),
        Just("> "),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_source_is_read_without_a_panic(source in any::<String>()) {
        let _ = everything(&source, &Itself);
    }

    #[test]
    fn anything_like_a_template_is_read_without_a_panic(source in template_like()) {
        let _ = everything(&source, &Itself);
    }

    #[test]
    fn any_front_matter_is_read_without_a_panic(front in template_like(), body in template_like()) {
        let _ = everything(&format!("---\n{front}\n---\n{body}"), &NoSnippets);
    }

    #[test]
    fn an_error_points_into_the_file(source in template_like()) {
        if let Err(problem) = Template::parse("t", "t.md", &source) {
            prop_assert!(problem.line >= 1 && problem.line <= source.lines().count() + 2);
            prop_assert!(problem.column >= 1);
        }
    }

    #[test]
    fn a_value_stays_as_typed(value in r#"[a-z]([{}%#'"\\<>&|~\n é-]|\{\{|\}\}|\{%|%\}){0,40}[a-z]"#) {
        let source = "---\nsystem: S {{ v }}\ninputs: {v: {type: text}}\n---\n[{{ v }}]";
        let template = Template::parse("t", "t.md", source).unwrap();
        let rendered = render::render(&template, &filled(&template, &value), &NoSnippets).unwrap();
        prop_assert_eq!(&rendered.prompt.user, &format!("[{value}]"));
        prop_assert_eq!(rendered.prompt.system, Some(format!("S {value}")));
        let span = rendered.spans.last().unwrap();
        prop_assert_eq!(&rendered.prompt.user[span.range.clone()], &value);
    }

    #[test]
    fn spans_are_in_order_and_cut_at_characters(text in "[ é\n]{0,6}", body in template_like()) {
        let Ok(template) = Template::parse("t", "t.md", &format!("{{{{ a }}}}{body}")) else {
            return Ok(());
        };
        let brief = filled(&template, &text);
        let Ok(rendered) = render::preview(&template, &brief, &NoSnippets) else {
            return Ok(());
        };
        let mut end = 0;
        for span in rendered.spans {
            prop_assert!(span.range.start >= end);
            end = span.range.end;
            prop_assert!(rendered.prompt.user.get(span.range).is_some());
        }
    }

    #[test]
    fn a_headline_agrees_with_the_whole_parse(title in "[a-zA-Z][a-z ,.!?é'-]{0,20}", tags in prop::collection::vec("[a-z][a-z0-9 -]{0,8}", 0..4)) {
        let source = format!("---\ntags: [{}]\ntitle: {title}\n---\nbody", tags.join(", "));
        if let Ok(template) = Template::parse("", "t.md", &source) {
            let headline = headline(&source);
            prop_assert_eq!(headline.title, template.title);
            prop_assert_eq!(headline.tags, template.tags);
        }
    }
}
