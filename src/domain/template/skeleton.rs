//! What a new template begins with: little, but it works as it stands.

/// The source of a new template with this title.
pub fn skeleton(title: &str) -> String {
    // Whatever a title holds, between these quotes it is one line of YAML.
    let title = serde_json::Value::from(title);
    format!(
        "---\n\
         title: {title}\n\
         description: What it is for, in one line.\n\
         tags: []\n\
         inputs:\n  \
           topic: {{label: Topic, required: true, help: \"What is it about?\"}}\n  \
           points: {{type: text, rows: 4, label: Key points, help: \"One per line\"}}\n\
         ---\n\
         Write about {{{{ topic }}}}.\n\
         {{% if points %}}Cover these points:\n\
         {{% for point in points | lines %}}- {{{{ point }}}}\n\
         {{% endfor %}}{{% endif %}}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::super::{NoSnippets, Template};
    use super::skeleton;

    #[test]
    fn a_new_template_works_as_it_stands_whatever_its_title() {
        for title in [
            "Status mail",
            "a: \"b\" # c",
            "'{[&*!|>%@`",
            "é\u{1b}\n---",
            "\\",
        ] {
            let source = skeleton(title);
            let mut template = Template::parse("new", "new.md", &source).unwrap();
            template.infer(&NoSnippets).unwrap();
            assert_eq!(template.title, title);
            assert_eq!(template.warnings.len(), 0, "{source}");
            let names: Vec<_> = template.inputs.iter().map(|it| it.name.as_str()).collect();
            assert_eq!(names, ["topic", "points"]);
        }
    }
}
