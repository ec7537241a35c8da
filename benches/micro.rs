//! Micro-benchmarks of the pure parts: `cargo bench`, or `cargo bench -- markdown` for some.
//!
//! One module per room; a new room adds a module and nothing else. What involves a terminal, a
//! server or a disk is measured from outside by `benches/run`.

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
            markdown.update(black_box(&text), WIDTH, Styles::Colour);
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
                markdown.update(black_box(&text[..*end]), WIDTH, Styles::Colour);
            }
            markdown.height()
        });
    }
}

mod document {
    use super::{Bencher, black_box, prose};
    use copydesk::domain::document::Document;

    /// One replacement in the middle of documents up to ten megabytes.
    #[divan::bench(args = [10_000, 1_000_000, 10_000_000])]
    fn replace_in_the_middle(bencher: Bencher, length: usize) {
        let mut document = Document::new(&prose(length).replace('—', "-"));
        let middle = length / 2;
        bencher.bench_local(|| document.replace(black_box(middle..middle + 1), "x", 0));
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
