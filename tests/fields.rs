//! Fields of a form that take several choices, a day, or text within limits, as keys fill them in.

#![cfg(unix)]

mod support;

use copydesk::app::effect::Effect;
use insta::assert_snapshot;
use support::studio::Studio;

const TEMPLATE: &str = "---\ntitle: Aa\ninputs:\n  nets: {type: choices, options: [Mail, Web, Poster], required: true, label: Channels}\n  \
                        day: {type: date, label: Day}\n  code: {pattern: \"[A-Z]+\", label: Code}\n---\n\
                        For {{ nets | join(\" and \") }} on {{ day }} {{ code }}\n";

fn studio(size: (u16, u16)) -> Studio {
    let mut studio = Studio::new(size);
    studio.put("data/templates/aa.md", TEMPLATE);
    studio.read_again();
    studio.keys("/aa<enter>");
    studio
}

/// The prompts that were asked to be sent.
fn sent(studio: &Studio) -> Vec<String> {
    let effects = studio.asked.iter();
    effects
        .filter_map(|effect| match effect {
            Effect::Generate { request, .. } => Some(request.prompt.user.clone()),
            _ => None,
        })
        .collect()
}

#[test]
fn arrows_go_through_the_options_and_space_marks_them() {
    for size in [(120, 40), (80, 24)] {
        let mut studio = studio(size);
        assert!(studio.text().contains("› [ ] Mail"), "{}", studio.text());
        studio.keys("<space><right><right><space>");
        let text = studio.text();
        assert!(
            text.contains("  [x] Mail") && text.contains("› [x] Poster"),
            "{text}"
        );
        studio.keys("<right><space><space><tab>");
        assert!(studio.text().contains("Mail, Poster"), "{}", studio.text());
        studio.keys("2026-12-31+<ctrl+g>");
        assert_eq!(sent(&studio), ["For Mail and Poster on 2027-01-01"]);
    }
}

#[test]
fn nothing_is_sent_while_a_field_does_not_fit() {
    let mut studio = studio((120, 40));
    studio.keys("<ctrl+g>");
    assert!(
        studio.text().contains("Channels (needed)"),
        "{}",
        studio.text()
    );
    studio.keys("<space><tab>2026-1");
    assert!(
        studio.text().contains("is not a date such as"),
        "{}",
        studio.text()
    );
    studio.keys("<tab>ab");
    assert!(
        studio.text().contains("does not match the pattern"),
        "{}",
        studio.text()
    );
    studio.keys("<ctrl+g>");
    assert_eq!(sent(&studio), Vec::<String>::new());
    // The first that does not fit has the cursor now.
    studio.keys("<ctrl+r><tab><ctrl+r><ctrl+g>");
    assert_eq!(sent(&studio), ["For Mail on"]);
}

/// The text that was copied last.
fn copied(studio: &Studio) -> Option<String> {
    studio.asked.iter().rev().find_map(|effect| match effect {
        Effect::CopyAs { text, .. } => Some(text.clone()),
        _ => None,
    })
}

const FORM: &str = "---\ntitle: Aa\ninputs:\n  topic: {label: Topic, required: true}\n  \
                    notes: {type: text, label: Notes, rows: 4}\n  \
                    day: {type: date, label: Day, default: today}\n---\n\
                    About {{ topic }} on {{ day }}: {{ notes }}\n";

fn form(size: (u16, u16)) -> Studio {
    let mut studio = Studio::new(size);
    studio.put("data/templates/aa.md", FORM);
    studio.read_again();
    studio.keys("/aa<enter>");
    studio
}

#[test]
fn earlier_values_are_listed_found_taken_and_let_go_of() {
    let mut studio = form((80, 24));
    studio.keys("<alt+h>");
    assert!(studio.text().contains("Topic held nothing before"));
    for topic in ["blue kettles", "green tea", "blue kettles", "red kettles"] {
        studio.keys(&format!("<ctrl+u>{topic}<ctrl+g>"));
        studio
            .delta("Text.")
            .finish(copydesk::domain::run::FinishReason::Stop);
        studio.keys("<alt+1>");
    }
    studio.keys("<ctrl+u><alt+h>");
    let text = studio.text();
    let at = |value: &str| text.find(value).unwrap();
    assert!(
        at("red kettles") < at("blue kettles") && at("blue kettles") < at("green tea"),
        "{text}"
    );
    assert_eq!(text.matches("blue kettles").count(), 1, "{text}");
    studio.keys("kettles<down><ctrl+x>");
    assert!(!studio.text().contains("blue kettles"), "{}", studio.text());
    let forgotten = studio.asked.iter().any(|effect| {
        matches!(effect, Effect::Keep(copydesk::app::effect::Keep::Forget { value, .. })
            if value.to_string() == "blue kettles")
    });
    assert!(forgotten);
    studio.keys("<enter>");
    assert!(studio.text().contains(" red kettles"), "{}", studio.text());
    studio.keys("<ctrl+u><alt+up>");
    assert!(!studio.text().contains("blue kettles"), "{}", studio.text());
}

#[test]
fn a_form_is_cleared_and_reset_at_once_and_that_is_taken_back() {
    let mut studio = form((120, 40));
    studio.keys("tea<tab>one<enter>two<alt+c>");
    let text = studio.text();
    assert!(
        !text.contains("About tea") && text.contains("1 needed"),
        "{text}"
    );
    studio.keys("<ctrl+z>");
    assert!(
        studio.text().contains("1 line") || studio.text().contains("2 lines"),
        "{}",
        studio.text()
    );
    studio.keys("<alt+x>");
    assert!(!studio.text().contains("two"), "{}", studio.text());
    studio.keys("<ctrl+z>");
    assert!(studio.text().contains("two"), "{}", studio.text());
    studio.keys("<alt+i>");
    assert!(!studio.text().contains("two"), "{}", studio.text());
    studio.keys("<ctrl+z>");
    assert!(studio.text().contains("two") && studio.text().contains("tea"));
}

#[test]
fn words_for_a_day_become_the_day_and_show_its_weekday() {
    let before = jiff::Zoned::now().date();
    let mut studio = form((80, 24));
    studio.keys("tea<tab><tab>");
    assert!(
        studio.text().contains(&before.strftime("%A").to_string())
            || jiff::Zoned::now().date() != before
    );
    studio.keys("<ctrl+u>+2d");
    let wanted = before.checked_add(jiff::Span::new().days(2)).unwrap();
    assert!(
        studio
            .text()
            .contains(&wanted.strftime("%A, %-d %B").to_string()),
        "{}",
        studio.text()
    );
    studio.keys("<tab>");
    assert!(
        studio.text().contains(&wanted.to_string()),
        "{}",
        studio.text()
    );
    studio.keys("<ctrl+g>");
    let prompt = sent(&studio).pop().unwrap();
    assert!(prompt.contains(&format!("on {wanted}:")), "{prompt}");
}

#[test]
fn a_field_in_full_has_the_screen_and_gives_it_back() {
    let mut studio = form((120, 40));
    studio.keys("tea<tab>first line<enter>second<alt+z>");
    let text = studio.text();
    assert!(
        text.contains("3 words · 2 lines") && !text.contains("Topic") && !text.contains("Output"),
        "{text}"
    );
    studio.keys(" goes on<esc>");
    let text = studio.text();
    assert!(
        text.contains("Topic") && text.contains("second goes on") && text.contains("Output"),
        "{text}"
    );
    studio.keys("<alt+z><tab>");
    assert!(studio.text().contains("Output"), "{}", studio.text());
}

#[test]
fn the_external_editor_gets_the_text_of_the_field_and_gives_it_back() {
    let mut studio = form((120, 40));
    studio.keys("tea<tab>one<ctrl+e>");
    let Some(Effect::EditExternally { draft, name, text }) = studio.asked.pop() else {
        panic!("{:?}", studio.asked.last());
    };
    assert_eq!((name.as_str(), text.as_str()), ("notes.md", "one"));
    studio.tell(copydesk::app::msg::Msg::Edited {
        draft,
        result: Ok("one\nand two\n".to_owned()),
    });
    assert!(studio.text().contains("and two"), "{}", studio.text());
    studio.keys("<ctrl+g>");
    assert!(sent(&studio).pop().unwrap().ends_with("one\nand two"));
    assert!(studio.app.editor.document.is_empty());
}

#[test]
fn a_click_marks_an_option_and_the_field_one_is_in_stands_out_in_the_prompt() {
    use copydesk::app::areas::Target;
    use copydesk::app::key::{Mouse, MouseAction};
    use copydesk::app::msg::Msg;
    let mut studio = studio((120, 40));
    studio.keys("<ctrl+t><alt+1>");
    let mut targets = studio.app.areas.targets.iter();
    let (place, _) = targets.find(|(_, it)| *it == Target::Option(0, 2)).unwrap();
    let (column, row) = (place.x + 3, place.y);
    studio.tell(Msg::Mouse(Mouse {
        action: MouseAction::Press,
        column,
        row,
    }));
    let text = studio.text();
    assert!(
        text.contains("› [x] Poster") && text.contains("For ¹Poster on"),
        "{text}"
    );
    assert!(text.contains(" Channels ╮"), "{text}");
    studio.plain();
    let picture = studio.picture();
    assert!(picture.contains("bold underlined"), "{picture}");
}

/// Colours come again after six inputs and mean nothing where there are none: numbers tell apart.
#[test]
fn each_value_in_the_prompt_has_the_number_of_its_field() {
    let mut studio = Studio::new((120, 40));
    let names: Vec<String> = (1..=11).map(|number| format!("in{number}")).collect();
    let inputs: Vec<String> = names
        .iter()
        .map(|name| format!("  {name}: {{}}\n"))
        .collect();
    let uses: Vec<String> = names[1..]
        .iter()
        .map(|name| format!("{{{{ {name} }}}}"))
        .collect();
    let source = format!(
        "---\ntitle: Aa\ninputs:\n{}---\n{} words",
        inputs.concat(),
        uses.join("|")
    );
    studio.put("data/templates/aa.md", &source);
    studio.read_again().keys("/Aa<enter>");
    for _ in &names {
        studio.keys("x<tab>");
    }
    // Nothing of it before the prompt is there to be read.
    assert!(!studio.text().contains('²'), "{}", studio.text());
    let text = studio.keys("<ctrl+t>").text();
    assert!(
        text.contains("²x|³x|⁴x|⁵x|⁶x|⁷x|⁸x|⁹x|¹⁰x|¹¹x words"),
        "{text}"
    );
    assert!(text.contains("In2²") && text.contains("In11¹¹"), "{text}");
    // The first one is not in the prompt: its number would lead nowhere.
    assert!(!text.contains("In1¹ "), "{text}");
}

#[test]
fn what_is_copied_as_a_command_names_what_was_filled_in() {
    let mut studio = form((120, 40));
    studio.keys("it's<tab>one<enter>two<tab><ctrl+u>2026-12-01<alt+y>");
    let line = copied(&studio).unwrap();
    assert_eq!(
        line,
        "copydesk run aa -i 'topic=it'\\''s' -i 'notes=one\ntwo' -i day=2026-12-01 -p openai -m test-model"
    );
}

const FILED: &str = "---\ntitle: Aa\ninputs:\n  topic: {label: Topic}\n  notes: {type: file, label: Notes}\n---\n\
                     {{ topic }}: {{ notes }}\n";

/// A form with a folder of files, and the path of that folder as it is typed.
fn filed(size: (u16, u16)) -> (Studio, String) {
    let mut studio = Studio::new(size);
    studio.put("data/templates/aa.md", FILED);
    for (file, text) in [
        ("report.txt", "Twelve bytes"),
        ("readme.md", "x"),
        (".hidden.txt", "y"),
        ("letters/to acme.txt", "Dear Acme"),
    ] {
        studio.put(&format!("files/{file}"), text);
    }
    studio.read_again();
    studio.keys("/aa<enter><tab>");
    let folder = format!("{}/", studio.path("files").display());
    (studio, folder)
}

fn notes(studio: &Studio) -> String {
    let form = studio.app.form.as_ref();
    let brief = form
        .map(copydesk::app::form::Form::brief)
        .unwrap_or_default();
    brief
        .get("notes")
        .map(ToString::to_string)
        .unwrap_or_default()
}

#[test]
fn a_path_is_found_step_by_step_and_its_size_shows() {
    for size in [(120, 40), (80, 24)] {
        let (mut studio, folder) = filed(size);
        studio.keys(&format!("<paste:{folder}><alt+p>"));
        let text = studio.text();
        let at = |name: &str| text.find(name).unwrap_or_else(|| panic!("{name}: {text}"));
        assert!(at("letters/") < at("readme.md") && at("readme.md") < at("report.txt"));
        assert!(
            text.contains("12 bytes") && !text.contains(".hidden"),
            "{text}"
        );
        // A dot in front asks for what is hidden.
        studio.keys(".");
        assert!(studio.text().contains(".hidden.txt"), "{}", studio.text());
        studio.keys("<backspace>rport");
        let text = studio.text();
        assert!(
            text.contains("report.txt") && !text.contains("readme.md"),
            "{text}"
        );
        studio.keys("<ctrl+u>");
        studio.keys(&format!("<paste:{folder}>let<tab>"));
        assert!(studio.text().contains("to acme.txt"), "{}", studio.text());
        studio.keys("<enter>");
        assert!(studio.app.dialogs.is_empty());
        assert_eq!(notes(&studio), format!("{folder}letters/to acme.txt"));
        assert!(studio.text().contains("text, 9 bytes"), "{}", studio.text());
        // Leaving changes nothing, and what was there can be brought back.
        studio.keys("<alt+p>zzz<esc>");
        assert_eq!(notes(&studio), format!("{folder}letters/to acme.txt"));
        studio.keys("<ctrl+z>");
        assert_eq!(notes(&studio), folder);
    }
}

#[test]
fn a_folder_that_cannot_be_read_is_said_and_so_is_a_field_without_files() {
    let (mut studio, folder) = filed((80, 24));
    studio.keys(&format!("<paste:{folder}gone/><alt+p>"));
    let text = studio.text();
    assert!(text.contains("there is no such folder"), "{text}");
    studio.keys("<esc><shift+tab><alt+p>");
    assert!(studio.app.dialogs.is_empty());
    let text = studio.text();
    assert!(text.contains("this field takes no file"), "{text}");
}

#[test]
fn the_list_of_a_folder_comes_when_it_was_read_and_an_older_one_is_dropped() {
    let (mut studio, folder) = filed((120, 40));
    studio.keys(&format!("<paste:{folder}>"));
    let first = studio.keep_back("<alt+p>").remove(0);
    assert!(
        studio.text().contains("reading the folder"),
        "{}",
        studio.text()
    );
    // Nothing more is asked while the folder stays the same.
    let listed = |effect: &Effect| matches!(effect, Effect::ListFolder(_));
    assert!(!studio.keep_back("let").iter().any(listed));
    let second = studio.keep_back("/").into_iter().find(listed);
    studio.perform(first);
    let text = studio.text();
    assert!(!text.contains("readme.md"), "{text}");
    studio.perform(second.unwrap());
    assert!(
        studio.text().contains("there is no such folder"),
        "{}",
        studio.text()
    );
}

#[test]
fn the_list_of_files_stands_under_its_field() {
    for (name, size) in [
        ("wide", (120, 40)),
        ("medium", (80, 24)),
        ("narrow", (60, 20)),
    ] {
        let (mut studio, folder) = filed(size);
        let seen = studio.keep_back("<alt+p>").remove(0);
        let Effect::ListFolder(sought) = seen else {
            panic!("{seen:?}");
        };
        // What is listed must not depend on where the tests are run.
        let listing =
            copydesk::store::entries::list(&copydesk::store::entries::Sought::of(&folder));
        studio.tell(copydesk::app::msg::Msg::FolderListed(sought, listing));
        assert_snapshot!(format!("paths_{name}"), studio.picture());
    }
}

#[test]
fn of_a_huge_folder_some_are_shown_and_any_is_found() {
    let (mut studio, folder) = filed((80, 24));
    for number in 0..1_100 {
        std::fs::create_dir(studio.path(&format!("files/n{number:04}"))).unwrap();
    }
    studio.keys(&format!("<paste:{folder}><alt+p>"));
    let text = studio.text();
    assert!(text.contains("1,000 of 1,103 shown"), "{text}");
    // What is typed while the folder is read is asked for afterwards.
    let asked = studio.keep_back("1").remove(0);
    assert_eq!(studio.keep_back("099"), []);
    studio.perform(asked);
    let text = studio.text();
    assert!(text.contains("n1099/") && !text.contains("shown"), "{text}");
}

/// Briefs under a name: kept, changed, taken, renamed, deleted, each said.
#[test]
fn a_brief_is_kept_under_a_name_and_fills_the_form_again() {
    let mut studio = studio((120, 40));
    studio.keys("<space><tab>2026-12-31<tab>ABC<alt+n>");
    assert!(studio.text().contains("No brief is kept yet"));
    studio.keys("Client Acme");
    assert_snapshot!("briefs_first", studio.picture());
    studio.keys("<ctrl+s>");
    assert!(studio.text().contains("kept as Client Acme"));
    assert!(studio.app.dialogs.is_empty());
    let file = studio.path("data/briefs/aa/client-acme.yaml");
    let kept = std::fs::read_to_string(file).unwrap();
    assert_eq!(
        kept,
        "title: Client Acme\nvalues:\n  nets: [Mail]\n  day: \"2026-12-31\"\n  code: ABC\n"
    );
    // Something else is filled in, and the border says so.
    studio.keys("D");
    assert!(
        studio.text().contains("Client Acme · changed"),
        "{}",
        studio.text()
    );
    studio.keys("<alt+n>Other<ctrl+s><alt+n>");
    assert_snapshot!("briefs_two", studio.picture());
    studio.keys("acme<enter>");
    assert!(
        studio.text().contains("filled from Client Acme"),
        "{}",
        studio.text()
    );
    let code = |studio: &Studio| {
        let brief = studio.app.form.as_ref().unwrap().brief();
        brief.get("code").unwrap().to_string()
    };
    assert_eq!(code(&studio), "ABC");
    // Taking it was one step.
    studio.keys("<ctrl+z>");
    assert_eq!(code(&studio), "ABCD");
    studio.keys("<alt+n>acme<ctrl+r> GmbH<enter>");
    assert!(
        studio.text().contains("it is called Client Acme GmbH now"),
        "{}",
        studio.text()
    );
    studio.keys("<ctrl+x>");
    assert!(
        studio.text().contains("moved to the trash"),
        "{}",
        studio.text()
    );
    studio.keys("<esc><esc>u");
    let told = &studio.app.notice.as_ref().unwrap().text;
    assert!(told.contains("Client Acme GmbH"), "{told}");
    let file = studio.path("data/briefs/aa/client-acme-gmbh.yaml");
    assert!(file.exists());
}

#[test]
fn what_of_a_brief_does_not_fit_any_more_is_told_and_nothing_is_lost() {
    let mut studio = studio((80, 24));
    studio.put(
        "data/briefs/aa/old.yaml",
        "title: Old\nvalues:\n  nets: [Fax]\n  code: abc\n  gone: 1\n",
    );
    studio.put("data/briefs/aa/broken.yaml", "title: Broken\nvalues: [\n");
    studio.keys("<space><alt+n>");
    assert_snapshot!("briefs_broken", studio.picture());
    studio.keys("broken<enter>");
    assert!(
        studio.text().contains("cannot be read"),
        "{}",
        studio.text()
    );
    studio.keys("<esc><alt+n>old<enter>");
    let notice = studio.app.notice.as_ref().unwrap().text.clone();
    assert!(
        notice.contains("no input `gone`") && notice.contains("Channels: "),
        "{notice}"
    );
    let brief = studio.app.form.as_ref().unwrap().brief();
    // An option that is gone leaves the field as it was; what was typed can be mended.
    assert_eq!(brief.get("nets").unwrap().to_string(), "Mail");
    assert_eq!(brief.get("code").unwrap().to_string(), "abc");
}

#[test]
fn beside_a_long_title_stays_how_many_fields_need_a_value() {
    const LONG: &str = "---\ntitle: Product description of everything\ninputs:\n  \
                        one: {required: true}\n  two: {required: true}\n---\n{{ one }}{{ two }}\n";
    for (size, title) in [
        ((80, 24), "╭─ Product des… ─ 2 needed ╮"),
        ((60, 20), "Product description of everything ─"),
    ] {
        let mut studio = Studio::new(size);
        studio.put("data/templates/aa.md", LONG);
        studio.read_again().keys("/aa<enter>");
        let shown = studio.text();
        assert!(
            shown.contains(title) && shown.contains("─ 2 needed ╮"),
            "{shown}"
        );
        // Its whole title is back when nothing is missing.
        studio.keys("a<tab>b");
        assert!(studio.text().contains("Product description of"));
    }
}
