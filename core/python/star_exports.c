/* Made from CPython 3.13: `__all__`, or the public names, of modules that are often
 * imported with a star. */
#include "python/star_exports.h"

struct module_exports {
	struct slice module;
	const char *names; /* separated by blanks */
};

static const struct module_exports exports[] = {
    {SLICE_CONSTANT("cmath"),
     "acos acosh asin asinh atan atanh cos cosh e exp inf infj isclose isfinite isinf isnan log log10 "
     "nan nanj phase pi polar rect sin sinh sqrt tan tanh tau"},
    {SLICE_CONSTANT("collections"),
     "ChainMap Counter OrderedDict UserDict UserList UserString defaultdict deque namedtuple"},
    {SLICE_CONSTANT("copy"), "Error copy deepcopy replace"},
    {SLICE_CONSTANT("datetime"), "MAXYEAR MINYEAR UTC date datetime time timedelta timezone tzinfo"},
    {SLICE_CONSTANT("decimal"),
     "BasicContext Clamped Context ConversionSyntax Decimal DecimalException DecimalTuple "
     "DefaultContext DivisionByZero DivisionImpossible DivisionUndefined ExtendedContext "
     "FloatOperation HAVE_CONTEXTVAR HAVE_THREADS Inexact InvalidContext InvalidOperation MAX_EMAX "
     "MAX_PREC MIN_EMIN MIN_ETINY Overflow ROUND_05UP ROUND_CEILING ROUND_DOWN ROUND_FLOOR "
     "ROUND_HALF_DOWN ROUND_HALF_EVEN ROUND_HALF_UP ROUND_UP Rounded Subnormal Underflow getcontext "
     "localcontext setcontext"},
    {SLICE_CONSTANT("enum"),
     "CONFORM CONTINUOUS EJECT Enum EnumCheck EnumDict EnumMeta EnumType Flag FlagBoundary IntEnum "
     "IntFlag KEEP NAMED_FLAGS ReprEnum STRICT StrEnum UNIQUE auto global_enum global_enum_repr "
     "global_flag_repr global_str member nonmember pickle_by_enum_name pickle_by_global_name property "
     "unique verify"},
    {SLICE_CONSTANT("fractions"), "Fraction"},
    {SLICE_CONSTANT("functools"),
     "WRAPPER_ASSIGNMENTS WRAPPER_UPDATES cache cached_property cmp_to_key lru_cache partial "
     "partialmethod reduce singledispatch singledispatchmethod total_ordering update_wrapper wraps"},
    {SLICE_CONSTANT("glob"), "escape glob iglob translate"},
    {SLICE_CONSTANT("heapq"), "heapify heappop heappush heappushpop heapreplace merge nlargest nsmallest"},
    {SLICE_CONSTANT("itertools"),
     "accumulate batched chain combinations combinations_with_replacement compress count cycle "
     "dropwhile filterfalse groupby islice pairwise permutations product repeat starmap takewhile tee "
     "zip_longest"},
    {SLICE_CONSTANT("json"), "JSONDecodeError JSONDecoder JSONEncoder dump dumps load loads"},
    {SLICE_CONSTANT("math"),
     "acos acosh asin asinh atan atan2 atanh cbrt ceil comb copysign cos cosh degrees dist e erf erfc "
     "exp exp2 expm1 fabs factorial floor fma fmod frexp fsum gamma gcd hypot inf isclose isfinite "
     "isinf isnan isqrt lcm ldexp lgamma log log10 log1p log2 modf nan nextafter perm pi pow prod "
     "radians remainder sin sinh sqrt sumprod tan tanh tau trunc ulp"},
    {SLICE_CONSTANT("operator"),
     "abs add and_ attrgetter call concat contains countOf delitem eq floordiv ge getitem gt iadd "
     "iand iconcat ifloordiv ilshift imatmul imod imul index indexOf inv invert ior ipow irshift is_ "
     "is_not isub itemgetter itruediv ixor le length_hint lshift lt matmul methodcaller mod mul ne "
     "neg not_ or_ pos pow rshift setitem sub truediv truth xor"},
    {SLICE_CONSTANT("os.path"),
     "abspath altsep basename commonpath commonprefix curdir defpath devnull dirname exists "
     "expanduser expandvars extsep getatime getctime getmtime getsize isabs isdevdrive isdir isfile "
     "isjunction islink ismount join lexists normcase normpath pardir pathsep realpath relpath "
     "samefile sameopenfile samestat sep split splitdrive splitext splitroot "
     "supports_unicode_filenames"},
    {SLICE_CONSTANT("pathlib"),
     "Path PosixPath PurePath PurePosixPath PureWindowsPath UnsupportedOperation WindowsPath"},
    {SLICE_CONSTANT("random"),
     "Random SystemRandom betavariate binomialvariate choice choices expovariate gammavariate gauss "
     "getrandbits getstate lognormvariate normalvariate paretovariate randbytes randint random "
     "randrange sample seed setstate shuffle triangular uniform vonmisesvariate weibullvariate"},
    {SLICE_CONSTANT("re"),
     "A ASCII DOTALL I IGNORECASE L LOCALE M MULTILINE Match NOFLAG Pattern PatternError RegexFlag S "
     "U UNICODE VERBOSE X compile error escape findall finditer fullmatch match purge search split "
     "sub subn"},
    {SLICE_CONSTANT("statistics"),
     "NormalDist StatisticsError correlation covariance fmean geometric_mean harmonic_mean kde "
     "kde_random linear_regression mean median median_grouped median_high median_low mode multimode "
     "pstdev pvariance quantiles stdev variance"},
    {SLICE_CONSTANT("string"),
     "Formatter Template ascii_letters ascii_lowercase ascii_uppercase capwords digits hexdigits "
     "octdigits printable punctuation whitespace"},
    {SLICE_CONSTANT("time"),
     "CLOCK_BOOTTIME CLOCK_MONOTONIC CLOCK_MONOTONIC_RAW CLOCK_PROCESS_CPUTIME_ID CLOCK_REALTIME "
     "CLOCK_TAI CLOCK_THREAD_CPUTIME_ID altzone asctime clock_getres clock_gettime clock_gettime_ns "
     "clock_settime clock_settime_ns ctime daylight get_clock_info gmtime localtime mktime monotonic "
     "monotonic_ns perf_counter perf_counter_ns process_time process_time_ns pthread_getcpuclockid "
     "sleep strftime strptime struct_time thread_time thread_time_ns time time_ns timezone tzname "
     "tzset"},
    {SLICE_CONSTANT("typing"),
     "AbstractSet Annotated Any AnyStr AsyncContextManager AsyncGenerator AsyncIterable AsyncIterator "
     "Awaitable BinaryIO ByteString Callable ChainMap ClassVar Collection Concatenate Container "
     "ContextManager Coroutine Counter DefaultDict Deque Dict Final ForwardRef FrozenSet Generator "
     "Generic Hashable IO ItemsView Iterable Iterator KeysView List Literal LiteralString Mapping "
     "MappingView Match MutableMapping MutableSequence MutableSet NamedTuple Never NewType NoDefault "
     "NoReturn NotRequired Optional OrderedDict ParamSpec ParamSpecArgs ParamSpecKwargs Pattern "
     "Protocol ReadOnly Required Reversible Self Sequence Set Sized SupportsAbs SupportsBytes "
     "SupportsComplex SupportsFloat SupportsIndex SupportsInt SupportsRound TYPE_CHECKING Text TextIO "
     "Tuple Type TypeAlias TypeAliasType TypeGuard TypeIs TypeVar TypeVarTuple TypedDict Union Unpack "
     "ValuesView assert_never assert_type cast clear_overloads dataclass_transform final get_args "
     "get_origin get_overloads get_protocol_members get_type_hints is_protocol is_typeddict "
     "no_type_check no_type_check_decorator overload override reveal_type runtime_checkable"},
};

bool python_star_exports(struct slice module, struct slice *names)
{
	for (size_t i = 0; i < sizeof exports / sizeof *exports; i++) {
		if (slice_equal(exports[i].module, module)) {
			*names = slice_of(exports[i].names);
			return true;
		}
	}
	return false;
}
