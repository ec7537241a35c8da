//! Micro-benchmarks of the pure parts: `cargo bench`, or `cargo bench -- markdown` for some.
//!
//! One module per room; a new room adds a module and nothing else. What involves a terminal or a
//! server is measured from outside by `benches/run`.

#[path = "../tests/support/mod.rs"]
mod support;

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// Markdown of at least `length` bytes, with every kind of block.
fn prose(length: usize) -> String {
    const PART: &str = "\n## Why terminals\n\nThe terminal *never* went away, and people who write \
        all day keep **one** open — it starts at once and `stays` out of the way.\n\n- one thing\n\
        - another, with [a link](https://example.com)\n\n> A quote of some length.\n\n\
        ```rust\nlet x = 1;\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n";
    PART.repeat(length.div_ceil(PART.len()))
}

mod text {
    use super::{Bencher, BytesCount, black_box, prose};
    use copydesk::domain::text::{self, Printable};

    const LENGTH: usize = 50 * 1024;

    #[divan::bench]
    fn printable_ascii(bencher: Bencher) {
        let text = prose(LENGTH).replace('—', "-");
        let bencher = bencher.counter(BytesCount::of_str(&text));
        bencher.bench(|| Printable::new(black_box(&text)).as_str().len());
    }

    #[divan::bench]
    fn printable_unicode(bencher: Bencher) {
        let text = prose(LENGTH);
        let bencher = bencher.counter(BytesCount::of_str(&text));
        bencher.bench(|| Printable::new(black_box(&text)).as_str().len());
    }

    #[divan::bench]
    fn stored(bencher: Bencher) {
        let text = prose(LENGTH);
        let bencher = bencher.counter(BytesCount::of_str(&text));
        bencher.bench(|| text::stored(black_box(&text)).len());
    }

    #[divan::bench]
    fn words(bencher: Bencher) {
        let text = prose(LENGTH);
        let bencher = bencher.counter(BytesCount::of_str(&text));
        bencher.bench(|| text::words(black_box(&text)));
    }
}

mod models {
    use super::{Bencher, black_box};
    use copydesk::domain::models;

    #[divan::bench(args = ["gpt-6.2-astra", "gpt-3.5-turbo-16k", "openai/gpt-6-luna-2026-11-03", "llama3.2"])]
    fn find(bencher: Bencher, id: &str) {
        bencher.bench(|| models::find(black_box(id)));
    }

    #[divan::bench]
    fn all(bencher: Bencher) {
        bencher.bench(models::all);
    }
}

mod tokens {
    use super::{Bencher, BytesCount, black_box, prose};
    use copydesk::domain::models::Vocabulary;
    use copydesk::domain::prompt::Prompt;
    use copydesk::domain::tokens;

    /// A prompt of this size; the vocabulary is loaded before the first measured count.
    #[divan::bench(args = [1024, 10 * 1024, 100 * 1024])]
    fn counted(bencher: Bencher, length: usize) {
        let prompt = Prompt {
            user: prose(length),
            ..Prompt::default()
        };
        let bencher = bencher.counter(BytesCount::of_str(&prompt.user));
        bencher.bench(|| tokens::counted(Vocabulary::O200k, black_box(&prompt)));
    }

    #[divan::bench]
    fn estimated(bencher: Bencher) {
        let prompt = Prompt {
            user: prose(10 * 1024),
            ..Prompt::default()
        };
        bencher.bench(|| tokens::estimated(black_box(&prompt)));
    }

    /// What the first count costs: unpacking a vocabulary. Once in a process.
    #[divan::bench(sample_count = 1, sample_size = 1)]
    fn a_first_count(bencher: Bencher) {
        let prompt = Prompt {
            user: "hello".to_owned(),
            ..Prompt::default()
        };
        bencher.bench(|| tokens::counted(Vocabulary::Cl100k, black_box(&prompt)));
    }
}

mod sse {
    use super::{Bencher, ItemsCount, black_box};
    use copydesk::provider::sse::Decoder;

    const EVENTS: usize = 20_000;

    /// A chat stream in reads of `size` bytes, as a socket hands them out.
    #[divan::bench(args = [64, 1400, 65_536])]
    fn decode(bencher: Bencher, size: usize) {
        let event = "data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\
            \"choices\":[{\"index\":0,\"delta\":{\"content\":\" word\"},\"finish_reason\":null}]}\n\n";
        let stream = event.repeat(EVENTS);
        let bencher = bencher.counter(ItemsCount::new(EVENTS));
        bencher.bench(|| {
            let (mut decoder, mut seen) = (Decoder::default(), 0);
            for read in stream.as_bytes().chunks(size) {
                let pushed = decoder.push(black_box(read), |event| seen += event.data.len());
                assert!(pushed.is_ok());
            }
            seen
        });
    }
}

/// Whole bodies, from the bytes of a socket to the events of a run.
mod decode {
    use super::{Bencher, BytesCount, ItemsCount, black_box};
    use copydesk::domain::endpoint::Api;
    use copydesk::domain::run::StreamEvent;
    use copydesk::provider::decoding::Decoding;

    const DELTAS: usize = 500_000;
    const LINE: usize = 16 * 1024 * 1024 - 4096;

    const CHAT_END: &str = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n\
        data: [DONE]\n\n";
    const RESPONSES_END: &str = "data: {\"type\":\"response.completed\",\"response\":\
        {\"status\":\"completed\",\"output\":[]}}\n\n";

    /// Reads a body in pieces of `size` bytes; gives the bytes of its text, none if it failed.
    fn read(api: Api, body: &str, size: usize) -> usize {
        let (mut decoding, mut text, mut whole) = (Decoding::new(api, None), 0, false);
        for piece in body.as_bytes().chunks(size) {
            decoding.push(black_box(piece));
            while let Some(event) = decoding.pop() {
                match event {
                    StreamEvent::Delta(more) => text += more.len(),
                    StreamEvent::Finished(_) => whole = true,
                    _ => {}
                }
            }
        }
        if whole { text } else { 0 }
    }

    fn bench(bencher: Bencher, api: Api, body: &str, size: usize) {
        let bencher = bencher.counter(ItemsCount::new(DELTAS));
        bencher.bench(|| assert!(read(api, body, size) > DELTAS));
    }

    /// The usual chunk of a server that sends the same around every word.
    #[divan::bench(sample_count = 10)]
    fn chat_deltas(bencher: Bencher) {
        let delta = "data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\
            \"created\":1795000001,\"model\":\"bench\",\"choices\":[{\"index\":0,\"delta\":\
            {\"content\":\" word\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n";
        let body = delta.repeat(DELTAS) + CHAT_END;
        bench(bencher, Api::Chat, &body, 16 * 1024);
    }

    /// OpenAI pads each chunk differently, so that none is like the one before.
    #[divan::bench(sample_count = 10)]
    fn chat_deltas_padded(bencher: Bencher) {
        let delta = |number: usize| {
            let pad = &"9QxWdZk81kf0Ab"[..number % 14];
            format!(
                "data: {{\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\
                 \"created\":1795000001,\"model\":\"bench\",\"choices\":[{{\"index\":0,\"delta\":\
                 {{\"content\":\" word\"}},\"logprobs\":null,\"finish_reason\":null}}],\
                 \"usage\":null,\"obfuscation\":\"{pad}\"}}\n\n"
            )
        };
        let body = (0..DELTAS).map(delta).collect::<String>() + CHAT_END;
        bench(bencher, Api::Chat, &body, 16 * 1024);
    }

    /// Every event has a number of its own.
    #[divan::bench(sample_count = 10)]
    fn responses_deltas(bencher: Bencher) {
        let delta = |number: usize| {
            format!(
                "event: response.output_text.delta\ndata: {{\"type\":\
                 \"response.output_text.delta\",\"sequence_number\":{number},\"item_id\":\"msg_1\",\
                 \"output_index\":0,\"content_index\":0,\"delta\":\" word\",\"logprobs\":[]}}\n\n"
            )
        };
        let body = (0..DELTAS).map(delta).collect::<String>() + RESPONSES_END;
        bench(bencher, Api::Responses, &body, 16 * 1024);
    }

    /// One line of nearly 16 MiB, which is as long as a line may be.
    #[divan::bench(args = [1_400, 16 * 1024], sample_count = 10)]
    fn one_line_of_16_mib(bencher: Bencher, size: usize) {
        let text = "x".repeat(LINE);
        let body = format!(
            "data: {{\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n{CHAT_END}"
        );
        let bencher = bencher.counter(BytesCount::new(body.len()));
        bencher.bench(|| assert_eq!(read(Api::Chat, &body, size), LINE));
    }
}

mod markdown {
    use super::{Bencher, BytesCount, ItemsCount, black_box, prose};
    use copydesk::view::markdown::Markdown;
    use copydesk::view::style::Styles;

    const WIDTH: u16 = 60;

    /// A variant of 50 KB, drawn from nothing.
    #[divan::bench]
    fn fresh(bencher: Bencher) {
        let text = prose(50 * 1024);
        let bencher = bencher.counter(BytesCount::of_str(&text));
        bencher.bench(|| {
            let mut markdown = Markdown::new();
            markdown.update(black_box(&text), WIDTH, Styles::COLOUR);
            markdown.height()
        });
    }

    /// The same text as it streams in, updated once for every 600 bytes (a frame's worth).
    #[divan::bench]
    fn growing(bencher: Bencher) {
        let text = prose(50 * 1024);
        let ends: Vec<usize> = (0..text.len())
            .step_by(600)
            .filter(|end| text.is_char_boundary(*end))
            .collect();
        let bencher = bencher.counter(ItemsCount::new(ends.len()));
        bencher.bench(|| {
            let mut markdown = Markdown::new();
            for end in &ends {
                markdown.update(black_box(&text[..*end]), WIDTH, Styles::COLOUR);
            }
            markdown.height()
        });
    }
}

mod document {
    use super::{Bencher, BytesCount, black_box, prose};
    use copydesk::domain::document::{Case, Document, Needle, Wording};

    /// One replacement in the middle of documents up to ten megabytes.
    #[divan::bench(args = [10_000, 1_000_000, 10_000_000])]
    fn replace_in_the_middle(bencher: Bencher, length: usize) {
        let mut document = Document::new(&prose(length).replace('—', "-"));
        let middle = length / 2;
        bencher.bench_local(|| document.replace(black_box(middle..middle + 1), "x", 0));
    }

    /// Words that stand once, at the end of ten megabytes.
    #[divan::bench(args = ["the very last words", "no such words"])]
    fn find(bencher: Bencher, wanted: &str) {
        let text = prose(10_000_000) + "The Very Last Words";
        let document = Document::new(&text);
        let bencher = bencher.counter(BytesCount::of_str(&text));
        bencher.bench(|| {
            let needle = Needle::new(black_box(wanted), Wording::Plain, Case::Smart);
            let needle = needle.ok().flatten();
            needle.map(|needle| document.places(&needle, 0..text.len()).len())
        });
    }
}

mod refine {
    use super::support::studio::Studio;
    use super::{Bencher, black_box};
    use copydesk::app::msg::Msg;
    use copydesk::domain::document::Snapshot;
    use copydesk::domain::refine::{Anchor, Changes};
    use copydesk::domain::run::FinishReason;

    /// 5,000 words, and the same with one in so many changed.
    fn texts(every: usize, paragraph: usize) -> (String, String) {
        let write = |changed: bool| {
            let words = (0..5_000).map(|n| {
                let word = if changed && n % every == every - 1 {
                    format!("other{n}")
                } else {
                    format!("word{}", n % 700)
                };
                let end = if n % paragraph == paragraph - 1 {
                    ".\n\n"
                } else {
                    " "
                };
                format!("{word}{end}")
            });
            words.collect::<String>()
        };
        (write(false), write(true))
    }

    /// The changes of 5,000 words: one paragraph or many, a word in four or in forty changed.
    #[divan::bench(args = [(4, 80), (40, 80), (4, 5_000), (40, 5_000)])]
    fn changes(bencher: Bencher, (every, paragraph): (usize, usize)) {
        let (old, new) = texts(every, paragraph);
        bencher.bench(|| Changes::between(black_box(&old), black_box(&new)).count());
    }

    /// A decision about one of many changes.
    #[divan::bench]
    fn accept(bencher: Bencher) {
        let (old, new) = texts(10, 80);
        let changes = Changes::between(&old, &new);
        bencher.bench(|| black_box(&changes).accept(100).count());
    }

    /// A key in a review of 5,000 words, one in ten changed, and the frame that it makes.
    #[divan::bench(args = ["n", "a", "r"], sample_count = 200, sample_size = 1)]
    fn frame_of_a_review(bencher: Bencher, key: &str) {
        let (old, new) = texts(10, 80);
        let mut studio = Studio::new((120, 40));
        studio.keys("<alt+2>").tell(Msg::Paste(old));
        studio.keys("<ctrl+a><ctrl+k>shorten<enter>");
        studio.wait(500).delta(&new).wait(500);
        studio.finish(FinishReason::Stop).wait(400);
        assert!(studio.text().contains(" of 500"), "{}", studio.text());
        bencher.bench_local(move || {
            studio.keys(key);
            studio.draw()
        });
    }

    /// A part in a text of this size follows a typed letter.
    #[divan::bench(args = [10_000, 1_000_000])]
    fn follow(bencher: Bencher, length: usize) {
        let text = super::prose(length);
        let now = format!("x{text}");
        let anchor = Anchor::new(length / 2..length / 2 + 500, Snapshot::from(text.as_str()));
        let now = Snapshot::from(now.as_str());
        bencher
            .with_inputs(|| (anchor.clone(), now.clone()))
            .bench_values(|(mut anchor, now)| anchor.follow(now));
    }
}

mod template {
    use super::{Bencher, black_box};
    use copydesk::domain::brief::{Brief, Value};
    use copydesk::domain::render;
    use copydesk::domain::template::{NoSnippets, Template};

    const SOURCE: &str = include_str!("../templates/blog-post.md");

    #[divan::bench]
    fn parse(bencher: Bencher) {
        bencher.bench(|| Template::parse("blog-post", "blog-post.md", black_box(SOURCE)).is_ok());
    }

    #[divan::bench]
    fn render(bencher: Bencher) {
        let Ok(template) = Template::parse("blog-post", "blog-post.md", SOURCE) else {
            return;
        };
        let topic = Value::Text("Rust terminal apps".to_owned());
        let brief: Brief = [("topic", topic)].into_iter().collect();
        bencher.bench(|| render::render(black_box(&template), &brief, &NoSnippets).is_ok());
    }
}

mod journal {
    use super::Bencher;
    use copydesk::domain::brief::Brief;
    use copydesk::domain::prompt::{Prompt, Request};
    use copydesk::domain::run::{FinishReason, RunId};
    use copydesk::store::journal::{
        Buffer, BufferId, Ending, Journal, JournalError, Outcome, Patch, Purpose, RunRecord,
        SessionId,
    };
    use jiff::Timestamp;
    use std::path::Path;
    use uuid::Uuid;

    const RUNS: u128 = 10_000;

    fn run(number: u128) -> RunRecord {
        RunRecord {
            id: RunId(Uuid::from_u128(number)),
            session: SessionId(Uuid::nil()),
            at: Timestamp::UNIX_EPOCH,
            purpose: Purpose::Generate,
            continues: None,
            together: None,
            draft: None,
            template: Some("blog-post".to_owned()),
            template_hash: None,
            brief: Brief::default(),
            provider: "practice".to_owned(),
            origin: None,
            request: Request {
                model: "small".to_owned(),
                prompt: Prompt {
                    user: super::prose(1_000),
                    ..Prompt::default()
                },
            },
        }
    }

    fn fill(path: &Path) -> Result<(), JournalError> {
        let mut journal = Journal::open(path)?.journal;
        let outcome = Outcome {
            at: Timestamp::UNIX_EPOCH,
            ending: Ending::Finished(FinishReason::Stop),
            usage: None,
            model: None,
            cost: None,
        };
        for number in 0..RUNS {
            let run = run(number);
            journal.begin(&run)?;
            journal.append(run.id, &super::prose(4_000))?;
            journal.finish(run.id, &outcome)?;
        }
        Ok(())
    }

    /// A journal of 10,000 runs, from its path to ready for work.
    #[divan::bench(sample_count = 50)]
    fn open_with_10_000_runs(bencher: Bencher) {
        let Ok(home) = tempfile::tempdir() else {
            return;
        };
        let path = home.path().join("journal.db");
        if fill(&path).is_err() {
            return;
        }
        bencher.bench_local(|| Journal::open(&path).is_ok());
    }

    /// One change of a text of a megabyte, on disk.
    #[divan::bench(sample_count = 50)]
    fn patch_a_large_buffer(bencher: Bencher) {
        let Ok(home) = tempfile::tempdir() else {
            return;
        };
        let Ok(opened) = Journal::open(&home.path().join("journal.db")) else {
            return;
        };
        let mut journal = opened.journal;
        let buffer = Buffer {
            id: BufferId(Uuid::nil()),
            session: SessionId(Uuid::nil()),
            path: None,
            base: None,
            provenance: None,
            template: None,
            title: String::new(),
            cursor: 0,
            at: Timestamp::UNIX_EPOCH,
            text: super::prose(1_000_000),
        };
        let patch = Patch {
            start: 0,
            removed: 0,
            inserted: "x",
            cursor: 1,
            at: Timestamp::UNIX_EPOCH,
        };
        if journal.put_buffer(&buffer).is_ok() {
            bencher.bench_local(|| journal.patch_buffer(buffer.id, &patch).is_ok());
        }
    }
}
