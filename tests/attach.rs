//! Files in the form: told while their path is typed, read when the prompt is sent.

#![cfg(unix)]

mod support;

use copydesk::app::attaching::Then;
use copydesk::app::effect::Effect;
use copydesk::app::msg::Msg;
use copydesk::domain::image::Kind;
use copydesk::domain::prompt::Request;
use pretty_assertions::assert_eq;
use support::studio::Studio;

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);
const GIF: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00;";
const TEMPLATE: &str = "---\ntitle: Aa\ninputs:\n  photo: {type: image, label: Photo, help: A picture.}\n  \
                        notes: {type: file, label: Notes}\n---\nDescribe {{ photo }} by {{ notes }}\n";

/// A studio with the form open and files beside it.
fn studio(size: (u16, u16)) -> Studio {
    let mut studio = Studio::new(size);
    studio.put("data/templates/aa.md", TEMPLATE);
    studio.put_bytes("files/dot.gif", GIF);
    studio.put("files/notes.txt", "three {{ plain }} words");
    studio.put_bytes("files/bad.txt", b"a\xff");
    studio.read_again();
    studio.keys("/aa<enter>");
    studio
}

fn path(studio: &Studio, name: &str) -> String {
    format!("<paste:{}>", studio.path(name).display())
}

fn sent(studio: &Studio) -> Vec<Request> {
    let effects = studio.asked.iter();
    effects
        .filter_map(|effect| match effect {
            Effect::Generate { request, .. } => Some(request.clone()),
            _ => None,
        })
        .collect()
}

#[test]
fn a_path_is_told_as_it_is_typed() {
    let mut studio = studio(LARGE);
    assert!(studio.text().contains("A picture."));
    let gif = path(&studio, "files/dot.gif");
    studio.keys(&gif).keys("x");
    assert!(
        studio.text().contains("there is no such file"),
        "{}",
        studio.text()
    );
    studio.keys("<backspace>");
    assert!(
        studio.text().contains("GIF image, 17 bytes"),
        "{}",
        studio.text()
    );
    let folder = path(&studio, "files");
    studio.keys("<ctrl+a>").keys(&folder);
    assert!(
        studio.text().contains("that is a folder"),
        "{}",
        studio.text()
    );
    let notes = path(&studio, "files/notes.txt");
    studio.keys("<tab>").keys(&notes);
    assert!(
        studio.text().contains("text, 23 bytes"),
        "{}",
        studio.text()
    );
}

#[test]
fn files_are_read_when_the_prompt_is_sent_and_their_text_is_data() {
    let mut studio = studio(LARGE);
    let (gif, notes) = (
        path(&studio, "files/dot.gif"),
        path(&studio, "files/notes.txt"),
    );
    studio
        .keys(&gif)
        .keys("<tab>")
        .keys(&notes)
        .keys("<ctrl+g>");
    let request = sent(&studio).remove(0);
    assert_eq!(
        request.prompt.user,
        "Describe dot.gif by three {{ plain }} words"
    );
    assert_eq!(&*request.prompt.images[0].bytes, GIF);
    // What it says by then is what is sent.
    studio.put("files/notes.txt", "other words");
    studio.keys("<ctrl+g>");
    assert_eq!(
        sent(&studio)[1].prompt.user,
        "Describe dot.gif by other words"
    );
}

#[test]
fn a_file_that_cannot_be_used_stops_the_run_at_its_field() {
    for (name, says) in [
        ("files/none.txt", "there is no such file"),
        ("files/bad.txt", "not UTF-8 at byte 1"),
        ("files/gone.txt", "gone.txt"),
    ] {
        let mut studio = studio(LARGE);
        studio.put("files/gone.txt", "here");
        let path = path(&studio, name);
        studio.keys("<tab>").keys(&path);
        std::fs::remove_file(studio.path("files/gone.txt")).unwrap();
        studio.keys("<ctrl+g>");
        assert!(sent(&studio).is_empty());
        assert!(studio.text().contains(says), "{name}: {}", studio.text());
    }
}

#[test]
fn an_answer_about_a_path_that_was_changed_is_not_taken() {
    let mut studio = studio(LARGE);
    let notes = path(&studio, "files/notes.txt");
    studio.keys("<tab>").keys(&notes);
    let effects = studio.keep_back("<ctrl+g>");
    let reading = effects
        .into_iter()
        .find(|it| matches!(it, Effect::ReadFiles { .. }));
    let Some(Effect::ReadFiles {
        ticket,
        named,
        then,
    }) = reading
    else {
        panic!("no files are read");
    };
    assert_eq!((named.len(), then), (1, Then::Generate));
    studio.keep_back("<ctrl+g>");
    studio.tell(Msg::FilesRead {
        ticket,
        read: Vec::new(),
        then,
    });
    assert!(sent(&studio).is_empty());
}

#[test]
fn an_image_that_is_not_kept_is_recorded_by_its_kind_alone() {
    let mut studio = studio(LARGE);
    let gif = path(&studio, "files/dot.gif");
    let notes = path(&studio, "files/notes.txt");
    studio
        .keys(&gif)
        .keys("<tab>")
        .keys(&notes)
        .keys("<ctrl+g>");
    let request = sent(&studio).remove(0);
    let text = serde_json::to_string(&request).unwrap();
    let again: Request = serde_json::from_str(&text).unwrap();
    assert!(again.prompt.images[0].is_unread());
    assert_eq!(again.prompt.images[0].kind, Kind::Gif);
}

#[test]
fn the_prompt_tab_shows_the_text_and_names_the_image() {
    for size in [LARGE, USUAL] {
        let mut studio = studio(size);
        let gif = path(&studio, "files/dot.gif");
        let notes = path(&studio, "files/notes.txt");
        studio
            .keys(&gif)
            .keys("<tab>")
            .keys(&notes)
            .keys("<ctrl+t>");
        for line in [
            "Describe ¹dot.gif by ²three {{ plain",
            "images",
            "dot.gif · GIF image, 17 bytes",
        ] {
            assert!(studio.text().contains(line), "{line}: {}", studio.text());
        }
        // An image counts in what the request is likely to take.
        assert!(studio.text().contains("~1,011 tok"), "{}", studio.text());
    }
}
