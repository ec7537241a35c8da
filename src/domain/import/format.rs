//! The formats that can be read, and what people call them.

/// A tool's way to write prompts down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Templates of Copydesk.
    Copydesk,
    /// Templates of `llm`: YAML.
    Llm,
    /// Patterns of fabric: folders with a `system.md`.
    Fabric,
    /// Roles of aichat: Markdown, or a list in YAML.
    Aichat,
    /// Prompts of parllama: JSON.
    Parllama,
    /// Commands of crush: Markdown.
    Crush,
    /// Commands of Claude Code: Markdown.
    Claude,
    /// Prompts of Codex: Markdown.
    Codex,
    /// Prompt files of VS Code: `.prompt.md`.
    VsCode,
    /// Dotprompt: `.prompt`, with Handlebars.
    Dotprompt,
    /// Prompts that Open WebUI exports: JSON.
    OpenWebUi,
    /// Prompts of LibreChat: text with `{{name:a|b}}`.
    LibreChat,
    /// The table of prompts.chat: CSV.
    PromptsChat,
    /// Text of any kind, without variables.
    Plain,
}

/// Every format with its name on the command line, and what one prompt of it is called.
const ALL: [(Format, &str, &str); 14] = [
    (Format::Copydesk, "copydesk", "Copydesk template"),
    (Format::Llm, "llm", "llm template"),
    (Format::Fabric, "fabric", "fabric pattern"),
    (Format::Aichat, "aichat", "aichat role"),
    (Format::Parllama, "parllama", "parllama prompt"),
    (Format::Crush, "crush", "crush command"),
    (Format::Claude, "claude", "Claude Code command"),
    (Format::Codex, "codex", "Codex prompt"),
    (Format::VsCode, "vscode", "VS Code prompt"),
    (Format::Dotprompt, "dotprompt", "dotprompt"),
    (Format::OpenWebUi, "open-webui", "Open WebUI prompt"),
    (Format::LibreChat, "librechat", "LibreChat prompt"),
    (Format::PromptsChat, "prompts-chat", "prompts.chat row"),
    (Format::Plain, "plain", "plain text"),
];

impl Format {
    /// Every name, in one order.
    pub fn names() -> impl Iterator<Item = &'static str> {
        ALL.iter().map(|(_, name, _)| *name)
    }

    /// The format of a name.
    pub fn named(name: &str) -> Option<Self> {
        let found = ALL.iter().find(|(_, known, _)| *known == name);
        found.map(|(format, ..)| *format)
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        self.entry().1
    }

    /// Whether a file of a folder is one of this tool, by its name.
    pub fn reads(self, file: &str) -> bool {
        let file = file.to_lowercase();
        let ends = |endings: &[&str]| endings.iter().any(|ending| file.ends_with(ending));
        match self {
            Self::Fabric => file == "system.md",
            Self::Llm => ends(&[".yaml", ".yml"]),
            Self::Parllama | Self::OpenWebUi => ends(&[".json"]),
            Self::Dotprompt => ends(&[".prompt"]) && !file.starts_with('_'),
            Self::PromptsChat => ends(&[".csv"]),
            Self::Aichat => ends(&[".md", ".yaml", ".yml"]) && file != "readme.md",
            Self::Plain => ends(&[".md", ".txt"]) && file != "readme.md",
            Self::LibreChat => ends(&[".md", ".txt", ".json"]) && file != "readme.md",
            Self::Copydesk | Self::Crush | Self::Claude | Self::Codex | Self::VsCode => {
                ends(&[".md"]) && file != "readme.md"
            }
        }
    }

    /// What one prompt of it is called.
    pub fn title(self) -> &'static str {
        self.entry().2
    }

    fn entry(self) -> &'static (Self, &'static str, &'static str) {
        let found = ALL.iter().find(|(format, ..)| *format == self);
        found.unwrap_or(&ALL[0])
    }
}
