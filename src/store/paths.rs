//! Where everything lies: configuration, library, state and cache.
//!
//! By the platform's conventions, under `COPYDESK_HOME` if that is set, with another library if
//! one is named. Reads no environment by itself and creates nothing.

use super::StoreError;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Looks a variable of the environment up.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// Every place Copydesk keeps something in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// Folder of the configuration.
    pub config: PathBuf,
    /// `config.toml`.
    pub config_file: PathBuf,
    /// Themes of the person, TOML.
    pub themes: PathBuf,
    /// Folder of what a person would back up: the journal and, by default, the library.
    pub data: PathBuf,
    /// The journal, `journal.db`.
    pub journal: PathBuf,
    /// The folder that holds templates, snippets and drafts.
    pub library: PathBuf,
    /// Templates of the person.
    pub templates: PathBuf,
    /// Snippets that templates include.
    pub snippets: PathBuf,
    /// Drafts.
    pub drafts: PathBuf,
    /// What was deleted, renamed or overwritten, for a while.
    pub trash: PathBuf,
    /// Key files, for their owner's eyes only; not among what is copied to other machines.
    pub keys: PathBuf,
    /// Folder of layout and logs.
    pub state: PathBuf,
    /// Folder of what may be deleted at any time.
    pub cache: PathBuf,
}

struct Roots {
    config: PathBuf,
    data: PathBuf,
    state: PathBuf,
    cache: PathBuf,
}

impl Roots {
    fn below(home: &Path) -> Self {
        Self {
            config: home.join("config"),
            data: home.join("data"),
            state: home.join("state"),
            cache: home.join("cache"),
        }
    }
}

impl Paths {
    /// Finds every place. `library` (the flag `--library`) goes before `COPYDESK_LIBRARY`.
    pub fn resolve(lookup: Lookup<'_>, library: Option<&Path>) -> Result<Self, StoreError> {
        let named = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let roots = match named("COPYDESK_HOME") {
            Some(home) => Roots::below(&absolute(Path::new(&home))?),
            None => platform(&named).ok_or(StoreError::NoHome)?,
        };
        let library = match library {
            Some(folder) => absolute(folder)?,
            None => match named("COPYDESK_LIBRARY") {
                Some(folder) => absolute(Path::new(&folder))?,
                None => roots.data.clone(),
            },
        };
        Ok(Self::of(roots, library))
    }

    /// Every place below one absolute folder, whatever the environment says.
    pub fn below(home: &Path) -> Self {
        let roots = Roots::below(home);
        let library = roots.data.clone();
        Self::of(roots, library)
    }

    fn of(roots: Roots, library: PathBuf) -> Self {
        Self {
            config_file: roots.config.join("config.toml"),
            themes: roots.config.join("themes"),
            templates: library.join("templates"),
            snippets: library.join("snippets"),
            drafts: library.join("drafts"),
            trash: roots.data.join("trash"),
            journal: roots.data.join("journal.db"),
            keys: roots.state.join("keys"),
            config: roots.config,
            data: roots.data,
            state: roots.state,
            cache: roots.cache,
            library,
        }
    }
}

fn absolute(path: &Path) -> Result<PathBuf, StoreError> {
    std::path::absolute(path).map_err(|cause| StoreError::read(path, cause))
}

/// The XDG folders; read through the lookup, so that a test needs no environment of its own.
#[cfg(all(unix, not(target_os = "macos")))]
fn platform(named: Lookup<'_>) -> Option<Roots> {
    let home = named("HOME").map(PathBuf::from);
    let folder = |variable: &str, below_home: &str| {
        named(variable)
            .map(PathBuf::from)
            // The specification says to ignore relative ones.
            .filter(|path| path.is_absolute())
            .or_else(|| Some(home.as_ref()?.join(below_home)))
            .map(|path| path.join("copydesk"))
    };
    Some(Roots {
        config: folder("XDG_CONFIG_HOME", ".config")?,
        data: folder("XDG_DATA_HOME", ".local/share")?,
        state: folder("XDG_STATE_HOME", ".local/state")?,
        cache: folder("XDG_CACHE_HOME", ".cache")?,
    })
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn platform(_: Lookup<'_>) -> Option<Roots> {
    let folders = directories::ProjectDirs::from("", "", "copydesk")?;
    let state = folders
        .state_dir()
        .unwrap_or_else(|| folders.data_local_dir());
    Some(Roots {
        config: folders.config_dir().to_owned(),
        data: folders.data_dir().to_owned(),
        state: state.to_owned(),
        cache: folders.cache_dir().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(variables: &[(&str, &str)], library: Option<&str>) -> Result<Paths, StoreError> {
        let lookup = |name: &str| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| OsString::from(value))
        };
        Paths::resolve(&lookup, library.map(Path::new))
    }

    #[test]
    fn one_variable_puts_everything_under_one_folder() {
        let paths = resolve(&[("COPYDESK_HOME", "/h"), ("HOME", "/other")], None).unwrap();
        assert_eq!(paths.config_file, Path::new("/h/config/config.toml"));
        assert_eq!(paths.drafts, Path::new("/h/data/drafts"));
        assert_eq!(paths.state, Path::new("/h/state"));
        assert_eq!(paths.cache, Path::new("/h/cache"));
    }

    #[test]
    fn the_flag_goes_before_the_variable_and_both_before_the_default() {
        let variables = [("COPYDESK_HOME", "/h"), ("COPYDESK_LIBRARY", "/l")];
        assert_eq!(
            resolve(&variables, None).unwrap().templates,
            Path::new("/l/templates")
        );
        let paths = resolve(&variables, Some("/f")).unwrap();
        assert_eq!(paths.snippets, Path::new("/f/snippets"));
        assert_eq!(paths.journal, Path::new("/h/data/journal.db"));
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn the_platform_decides_otherwise() {
        let paths = resolve(
            &[
                ("HOME", "/me"),
                ("XDG_CONFIG_HOME", "/c"),
                ("XDG_CACHE_HOME", "relative"),
            ],
            None,
        )
        .unwrap();
        assert_eq!(paths.config_file, Path::new("/c/copydesk/config.toml"));
        assert_eq!(paths.library, Path::new("/me/.local/share/copydesk"));
        assert_eq!(paths.cache, Path::new("/me/.cache/copydesk"));
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn without_a_home_the_error_says_what_to_set() {
        let error = resolve(&[("HOME", "")], None).unwrap_err().to_string();
        assert!(error.contains("COPYDESK_HOME"), "{error}");
    }
}
