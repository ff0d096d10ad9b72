//! Functions of Python's own modules, and of Pillow, whose effects are known.

/// What a function of a module does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Library {
    /// Computes a value; what that holds may be what the arguments hold.
    Computes,
    /// Walks along its arguments, one item at a time, as somebody walks along it.
    Iterates,
    /// A new container of its argument's items.
    Collects,
    /// A `defaultdict`: looking something up may put it there.
    Defaults,
    /// Something that draws into its argument.
    Draws,
    /// Writes to the log, or to a stream.
    Logs,
    /// Looks at the clock, or draws lots: what it gives hangs on when it is called.
    Chance,
    /// Lets time pass.
    Sleeps,
    /// A source of such: `logging.getLogger`.
    Logger,
    /// A decimal or date that depends on nothing but the arguments: unchanging.
    Value,
}

const COMPUTING: &[(&str, &[&str])] = &[
    ("json", &["dumps", "loads"]),
    (
        "re",
        &[
            "sub",
            "split",
            "findall",
            "escape",
            "match",
            "search",
            "fullmatch",
            "compile",
        ],
    ),
    (
        "Image",
        &[
            "open",
            "new",
            "merge",
            "blend",
            "composite",
            "alpha_composite",
            "fromarray",
        ],
    ),
    (
        "ImageOps",
        &[
            "invert",
            "mirror",
            "flip",
            "grayscale",
            "autocontrast",
            "fit",
            "pad",
            "expand",
        ],
    ),
    ("ImageFilter", &["GaussianBlur", "BoxBlur"]),
    ("ImageFont", &["load_default"]),
    ("copy", &["copy", "deepcopy"]),
    ("dataclasses", &["asdict", "astuple", "replace"]),
    ("textwrap", &["wrap", "fill", "shorten", "dedent", "indent"]),
    ("heapq", &["nlargest", "nsmallest"]),
    ("string", &["capwords"]),
    ("operator", &["itemgetter", "attrgetter"]),
    ("html", &["escape", "unescape"]),
    ("base64", &["b64encode", "b64decode"]),
    ("hashlib", &["sha256", "md5", "sha1"]),
    ("difflib", &["get_close_matches"]),
    ("functools", &["partial"]),
    ("unicodedata", &["normalize"]),
];

/// Numbers, dates, texts: nothing that could change.
const VALUES: &[(&str, &[&str])] = &[
    (
        "math",
        &[
            "ceil",
            "floor",
            "sqrt",
            "hypot",
            "fabs",
            "log",
            "log10",
            "log2",
            "exp",
            "pow",
            "isclose",
            "dist",
            "trunc",
            "sin",
            "cos",
            "tan",
            "atan2",
            "radians",
            "degrees",
            "isnan",
            "gcd",
            "comb",
            "factorial",
            "prod",
            "fsum",
        ],
    ),
    (
        "statistics",
        &[
            "mean",
            "fmean",
            "median",
            "stdev",
            "pstdev",
            "mode",
            "variance",
            "pvariance",
        ],
    ),
    ("decimal", &["Decimal"]),
    ("Decimal", &["Decimal"]),
    ("fractions", &["Fraction"]),
    (
        "datetime",
        &[
            "date",
            "timedelta",
            "time",
            "datetime",
            "fromisoformat",
            "strptime",
            "combine",
        ],
    ),
    ("date", &["fromisoformat"]),
    ("os.path", &["basename", "splitext", "join"]),
    ("path", &["basename", "splitext", "join"]),
];

const ITERATING: &[(&str, &[&str])] = &[(
    "itertools",
    &[
        "combinations",
        "combinations_with_replacement",
        "permutations",
        "product",
        "pairwise",
        "chain",
        "from_iterable",
        "zip_longest",
        "batched",
        "islice",
    ],
)];

const COLLECTING: &[(&str, &[&str])] = &[("collections", &["Counter", "deque", "OrderedDict"])];

const LOGGING: &[&str] = &[
    "debug",
    "info",
    "warning",
    "error",
    "exception",
    "critical",
    "log",
];

/// Does a logger's method of that name write to the log?
pub(crate) fn is_logging_method(name: &str) -> bool {
    LOGGING.contains(&name)
}

pub(crate) fn library(module: &str, function: &str) -> Option<Library> {
    let has = |table: &[(&str, &[&str])]| {
        table
            .iter()
            .any(|(known, names)| *known == module && names.contains(&function))
    };
    match (module, function) {
        ("stdout" | "stderr", "write" | "writelines" | "flush") => Some(Library::Logs),
        ("warnings", "warn") => Some(Library::Logs),
        ("time", "sleep") | ("asyncio", "sleep") => Some(Library::Sleeps),
        ("time", "time" | "perf_counter" | "monotonic" | "strftime" | "localtime" | "gmtime")
        | ("datetime" | "date", "now" | "today" | "utcnow")
        | ("random", "random" | "randint" | "uniform" | "choice" | "sample" | "choices") => {
            Some(Library::Chance)
        }
        ("logging", "getLogger") => Some(Library::Logger),
        ("logging", name) if is_logging_method(name) => Some(Library::Logs),
        ("collections", "defaultdict") => Some(Library::Defaults),
        ("ImageDraw", "Draw") => Some(Library::Draws),
        _ if has(VALUES) => Some(Library::Value),
        _ if has(COMPUTING) => Some(Library::Computes),
        _ if has(ITERATING) || (module, function) == ("chain", "from_iterable") => {
            Some(Library::Iterates)
        }
        _ if has(COLLECTING) => Some(Library::Collects),
        _ => None,
    }
}
