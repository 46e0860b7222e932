#include "findings/distributions.h"

#include <string.h>

/* Of Python 3.8 to 3.14, and of Python 2 what has another name there; sorted. */
static const char *const standard[] = {
    "BaseHTTPServer",
    "ConfigParser",
    "HTMLParser",
    "Queue",
    "SimpleHTTPServer",
    "SocketServer",
    "StringIO",
    "Tkinter",
    "UserDict",
    "UserList",
    "UserString",
    "__builtin__",
    "__future__",
    "__main__",
    "_thread",
    "abc",
    "aifc",
    "annotationlib",
    "antigravity",
    "anydbm",
    "argparse",
    "array",
    "ast",
    "asynchat",
    "asyncio",
    "asyncore",
    "atexit",
    "audioop",
    "base64",
    "bdb",
    "binascii",
    "binhex",
    "bisect",
    "builtins",
    "bz2",
    "cPickle",
    "cProfile",
    "cStringIO",
    "calendar",
    "cgi",
    "cgitb",
    "chunk",
    "cmath",
    "cmd",
    "code",
    "codecs",
    "codeop",
    "collections",
    "colorsys",
    "commands",
    "compileall",
    "compression",
    "concurrent",
    "configparser",
    "contextlib",
    "contextvars",
    "cookielib",
    "copy",
    "copy_reg",
    "copyreg",
    "crypt",
    "csv",
    "ctypes",
    "curses",
    "dataclasses",
    "datetime",
    "dbhash",
    "dbm",
    "decimal",
    "difflib",
    "dis",
    "distutils",
    "doctest",
    "dummy_threading",
    "email",
    "encodings",
    "ensurepip",
    "enum",
    "errno",
    "exceptions",
    "faulthandler",
    "fcntl",
    "filecmp",
    "fileinput",
    "fnmatch",
    "formatter",
    "fractions",
    "ftplib",
    "functools",
    "gc",
    "genericpath",
    "getopt",
    "getpass",
    "gettext",
    "glob",
    "graphlib",
    "grp",
    "gzip",
    "hashlib",
    "heapq",
    "hmac",
    "html",
    "htmlentitydefs",
    "http",
    "httplib",
    "idlelib",
    "imaplib",
    "imghdr",
    "imp",
    "importlib",
    "inspect",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "keyword",
    "lib2to3",
    "linecache",
    "locale",
    "logging",
    "lzma",
    "macpath",
    "mailbox",
    "mailcap",
    "marshal",
    "math",
    "md5",
    "mimetypes",
    "mmap",
    "modulefinder",
    "msilib",
    "msvcrt",
    "multiprocessing",
    "netrc",
    "nis",
    "nntplib",
    "nt",
    "ntpath",
    "nturl2path",
    "numbers",
    "opcode",
    "operator",
    "optparse",
    "os",
    "ossaudiodev",
    "parser",
    "pathlib",
    "pdb",
    "pickle",
    "pickletools",
    "pipes",
    "pkgutil",
    "platform",
    "plistlib",
    "poplib",
    "posix",
    "posixpath",
    "pprint",
    "profile",
    "pstats",
    "pty",
    "pwd",
    "py_compile",
    "pyclbr",
    "pydoc",
    "pydoc_data",
    "pyexpat",
    "queue",
    "quopri",
    "random",
    "re",
    "readline",
    "reprlib",
    "resource",
    "rlcompleter",
    "robotparser",
    "runpy",
    "sched",
    "secrets",
    "select",
    "selectors",
    "sets",
    "sha",
    "shelve",
    "shlex",
    "shutil",
    "signal",
    "site",
    "smtpd",
    "smtplib",
    "sndhdr",
    "socket",
    "socketserver",
    "spwd",
    "sqlite3",
    "sre_compile",
    "sre_constants",
    "sre_parse",
    "ssl",
    "stat",
    "statistics",
    "string",
    "stringprep",
    "struct",
    "subprocess",
    "sunau",
    "symbol",
    "symtable",
    "sys",
    "sysconfig",
    "syslog",
    "tabnanny",
    "tarfile",
    "telnetlib",
    "tempfile",
    "termios",
    "textwrap",
    "this",
    "thread",
    "threading",
    "time",
    "timeit",
    "tkinter",
    "token",
    "tokenize",
    "tomllib",
    "trace",
    "traceback",
    "tracemalloc",
    "tty",
    "turtle",
    "turtledemo",
    "types",
    "typing",
    "unicodedata",
    "unittest",
    "urllib",
    "urllib2",
    "urlparse",
    "uu",
    "uuid",
    "venv",
    "warnings",
    "wave",
    "weakref",
    "webbrowser",
    "whichdb",
    "winreg",
    "winsound",
    "wsgiref",
    "xdrlib",
    "xml",
    "xmlrpc",
    "xmlrpclib",
    "zipapp",
    "zipfile",
    "zipimport",
    "zlib",
    "zoneinfo",
};

/* Modules whose distributions have other names, and what all of these are; sorted. */
struct module_row {
	const char *module, *distributions;
};

static const struct module_row modules[] = {
    {"Bio", "biopython"},
    {"Crypto", "pycryptodome pycrypto"},
    {"Cryptodome", "pycryptodomex"},
    {"Levenshtein", "levenshtein python-levenshtein"},
    {"MySQLdb", "mysqlclient"},
    {"OpenGL", "pyopengl"},
    {"OpenSSL", "pyopenssl"},
    {"PIL", "pillow pillow-simd"},
    {"Xlib", "python-xlib"},
    {"attr", "attrs"},
    {"azure.identity", "azure-identity"},
    {"azure.storage.blob", "azure-storage-blob"},
    {"azureml", "azureml-sdk azureml-core"},
    {"bs4", "beautifulsoup4"},
    {"bson", "pymongo"},
    {"cairo", "pycairo"},
    {"community", "python-louvain"},
    {"cupy", "cupy cupy-cuda11x cupy-cuda12x"},
    {"cv2",
     "opencv-python opencv-python-headless opencv-contrib-python opencv-contrib-python-headless opencv py-opencv"},
    {"dash_core_components", "dash-core-components dash"},
    {"dash_html_components", "dash-html-components dash"},
    {"dateutil", "python-dateutil"},
    {"docx", "python-docx"},
    {"dotenv", "python-dotenv"},
    {"ee", "earthengine-api"},
    {"en_core_web_sm", "en-core-web-sm spacy"},
    {"faiss", "faiss-cpu faiss-gpu faiss"},
    {"fitz", "pymupdf"},
    {"gi", "pygobject"},
    {"git", "gitpython"},
    {"github", "pygithub"},
    {"google.auth", "google-auth"},
    {"google.cloud.aiplatform", "google-cloud-aiplatform"},
    {"google.cloud.bigquery", "google-cloud-bigquery"},
    {"google.cloud.storage", "google-cloud-storage"},
    {"google.genai", "google-genai"},
    {"google.generativeai", "google-generativeai"},
    {"google.oauth2", "google-auth"},
    {"google.protobuf", "protobuf"},
    {"googleapiclient", "google-api-python-client"},
    {"graphviz", "graphviz python-graphviz"},
    {"gym", "gym gymnasium"},
    {"haiku", "dm-haiku"},
    {"igraph", "igraph python-igraph"},
    {"imblearn", "imbalanced-learn"},
    {"jose", "python-jose"},
    {"jwt", "pyjwt"},
    {"keras", "keras tensorflow"},
    {"ldap", "python-ldap"},
    {"lightning", "lightning pytorch-lightning"},
    {"magic", "python-magic"},
    {"matplotlib", "matplotlib matplotlib-base"},
    {"memcache", "python-memcached"},
    {"mmcv", "mmcv mmcv-full"},
    {"mpl_toolkits", "matplotlib"},
    {"multipart", "python-multipart"},
    {"mxnet", "mxnet mxnet-cu102"},
    {"odf", "odfpy"},
    {"openbabel", "openbabel openbabel-wheel"},
    {"osgeo", "gdal"},
    {"pandas_profiling", "pandas-profiling ydata-profiling"},
    {"pkg_resources", "setuptools"},
    {"pptx", "python-pptx"},
    {"progressbar", "progressbar2 progressbar33"},
    {"prophet", "prophet fbprophet"},
    {"psycopg2", "psycopg2 psycopg2-binary"},
    {"pylab", "matplotlib"},
    {"pytorch_lightning", "pytorch-lightning lightning"},
    {"rdkit", "rdkit rdkit-pypi"},
    {"redis", "redis redis-py"},
    {"ruamel.yaml", "ruamel-yaml"},
    {"seaborn", "seaborn seaborn-base"},
    {"serial", "pyserial"},
    {"shapefile", "pyshp"},
    {"skimage", "scikit-image"},
    {"sklearn", "scikit-learn"},
    {"slugify", "python-slugify"},
    {"snowflake.connector", "snowflake-connector-python"},
    {"soundfile", "soundfile pysoundfile"},
    {"speech_recognition", "speechrecognition"},
    {"tables", "tables pytables"},
    {"telegram", "python-telegram-bot"},
    {"tensorflow",
     "tensorflow tensorflow-cpu tensorflow-gpu tensorflow-macos tf-nightly intel-tensorflow tensorflow-base"},
    {"tensorflow_datasets", "tensorflow-datasets tfds-nightly"},
    {"theano", "theano theano-pymc"},
    {"torch", "torch pytorch pytorch-cpu pytorch-gpu"},
    {"torch_geometric", "torch-geometric pyg"},
    {"umap", "umap-learn"},
    {"usb", "pyusb"},
    {"win32api", "pywin32"},
    {"win32com", "pywin32"},
    {"wx", "wxpython"},
    {"xgboost", "xgboost py-xgboost"},
    {"yaml", "pyyaml"},
    {"zmq", "pyzmq"},
};

/* What comes along with a distribution, by its own word for all of its present versions; sorted. */
static const struct module_row brought[] = {
    {"accelerate", "torch numpy pyyaml"},
    {"altair", "pandas numpy jinja2"},
    {"anaconda", "numpy pandas scipy scikit-learn matplotlib seaborn statsmodels sympy bokeh nltk requests "
                 "beautifulsoup4 lxml pillow pyyaml networkx numba h5py tqdm ipywidgets xlrd sqlalchemy scikit-image"},
    {"arviz", "numpy scipy pandas matplotlib xarray"},
    {"astropy", "numpy pyyaml"},
    {"beautifulsoup4", "soupsieve"},
    {"bokeh", "numpy pillow pyyaml jinja2"},
    {"dask", "pyyaml"},
    {"datasets", "numpy pandas requests tqdm pyarrow huggingface-hub"},
    {"evaluate", "datasets numpy pandas requests tqdm"},
    {"fastai", "torch torchvision numpy pandas matplotlib pillow pyyaml scikit-learn scipy spacy requests"},
    {"flask", "jinja2 werkzeug click"},
    {"gensim", "numpy scipy smart-open"},
    {"geopandas", "pandas numpy shapely pyproj"},
    {"imbalanced-learn", "numpy scipy scikit-learn joblib"},
    {"jupyter", "ipywidgets ipython notebook ipykernel nbformat nbconvert"},
    {"jupyterlab", "ipython notebook ipykernel nbformat nbconvert requests"},
    {"keras", "numpy"},
    {"lightgbm", "numpy scipy"},
    {"lightning", "torch numpy tqdm pyyaml pytorch-lightning"},
    {"matplotlib", "numpy pillow python-dateutil cycler pyparsing"},
    {"mlxtend", "numpy scipy scikit-learn pandas matplotlib joblib"},
    {"nltk", "tqdm joblib regex click"},
    {"notebook", "ipython ipykernel nbformat nbconvert"},
    {"opencv-python", "numpy"},
    {"opencv-python-headless", "numpy"},
    {"pandas", "numpy python-dateutil pytz six"},
    {"peft", "torch transformers numpy accelerate"},
    {"plotly", "six tenacity"},
    {"prophet", "numpy pandas matplotlib"},
    {"pymc", "numpy scipy pandas arviz pytensor"},
    {"pymc3", "numpy scipy pandas arviz theano"},
    {"pytorch-lightning", "torch numpy tqdm pyyaml"},
    {"quantecon", "numpy scipy numba requests sympy"},
    {"requests", "urllib3 certifi idna"},
    {"scikit-image", "numpy scipy networkx pillow imageio"},
    {"scikit-learn", "numpy scipy joblib threadpoolctl"},
    {"scipy", "numpy"},
    {"seaborn", "matplotlib numpy pandas scipy pillow"},
    {"sentence-transformers", "torch transformers numpy scipy scikit-learn tqdm"},
    {"spacy", "numpy requests tqdm"},
    {"statsmodels", "numpy pandas scipy patsy"},
    {"streamlit", "numpy pandas pillow requests altair"},
    {"tensorflow", "numpy keras protobuf six h5py"},
    {"torchaudio", "torch"},
    {"torchvision", "torch numpy pillow"},
    {"transformers", "numpy requests tqdm pyyaml huggingface-hub tokenizers"},
    {"umap-learn", "numpy scipy scikit-learn numba tqdm"},
    {"xarray", "numpy pandas"},
    {"xgboost", "numpy scipy"},
    {"yellowbrick", "numpy scipy scikit-learn matplotlib"},
};

static int compare_name(struct slice name, const char *other)
{
	return slice_compare(name, slice_of(other));
}

/* The row of that name in a sorted table, or null. */
static const struct module_row *find_row(const struct module_row *rows, size_t count, struct slice name)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare_name(name, rows[middle].module);
		if (order == 0)
			return &rows[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

#define FIND_ROW(table, name) find_row(table, sizeof(table) / sizeof *(table), name)

bool module_is_standard(struct slice module)
{
	size_t low = 0, high = sizeof standard / sizeof *standard;
	if (slice_starts(module, SLICE("_")))
		return true; /* a private one, or `__future__` */
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare_name(module, standard[middle]);
		if (order == 0)
			return true;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

bool module_is_of_kernel(struct slice module)
{
	static const char *const modules_there[] = {
	    "IPython",      "ipykernel",      "traitlets",     "jupyter_client", "jupyter_core",
	    "google.colab", "kaggle_secrets", "dbutils",       "pyodide",        "piplite",
	    "js",           "micropip",       "notebookutils", "mssparkutils",   NULL};
	return slice_is_one_of(module, modules_there);
}

struct slice module_of(struct slice dotted)
{
	size_t first = slice_find(dotted, '.', 0);
	for (size_t end = dotted.length; end > first; end--)
		if ((end == dotted.length || dotted.bytes[end] == '.') &&
		    (FIND_ROW(modules, slice_part(dotted, 0, end)) || module_is_of_kernel(slice_part(dotted, 0, end))))
			return slice_part(dotted, 0, end);
	return slice_part(dotted, 0, first);
}

struct slice distribution_name(struct arena *arena, struct slice name)
{
	struct builder text = {.arena = arena};
	for (size_t i = 0; i < name.length; i++) {
		char byte = name.bytes[i];
		bool parts = byte == '-' || byte == '_' || byte == '.';
		if (parts && (text.length == 0 || text.bytes[text.length - 1] == '-'))
			continue;
		builder_add_byte(&text, (char)(parts ? '-' : byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte));
	}
	return builder_slice(&text);
}

struct slice module_distributions(struct arena *arena, struct slice module)
{
	const struct module_row *row = FIND_ROW(modules, module);
	return row ? slice_of(row->distributions) : distribution_name(arena, module);
}

struct slice distribution_brings(struct slice name)
{
	const struct module_row *row = FIND_ROW(brought, name);
	return row ? slice_of(row->distributions) : SLICE("");
}
