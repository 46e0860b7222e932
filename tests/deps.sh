#!/bin/sh
# Installs what building and testing nbscope needs with the system's own package manager: apt, dnf, zypper, pacman, apk
# or Homebrew; as root, or through sudo. Asks nothing; where all is there it says so and touches nothing. What only some tests
# want is tried too, and can be missing: those tests then say that they were skipped.
# Needs no make, so that it is the first thing that runs on a bare machine; `make deps` is the same.
set -eu
cd "$(dirname "$0")/.."

# What we need, by command or by pkg-config's name, and the packages that bring it.
# RPM systems find a library by its pkg-config name themselves.
packages() {
	cat <<-END
	# need        apt               rpm                  pacman       apk             brew
	cc            gcc,libc6-dev     gcc                  gcc          gcc,musl-dev    -
	make          make              make                 make         make            -
	pkg-config    pkg-config        /usr/bin/pkg-config  pkgconf      pkgconf         pkgconf
	git           git               git                  git          git             -
	libcjson      libcjson-dev      =                    cjson        cjson-dev       cjson
	libpcre2-8    libpcre2-dev      =                    pcre2        pcre2-dev       pcre2
	libutf8proc   libutf8proc-dev   =                    libutf8proc  utf8proc-dev    utf8proc
	ncursesw      libncurses-dev    =                    ncurses      ncurses-dev     ncurses
	sqlite3       libsqlite3-dev    =                    sqlite       sqlite-dev      sqlite
	cmocka        libcmocka-dev     =                    cmocka       cmocka-dev      cmocka
	python3       python3           python3              python       python3         python
	md4c          libmd4c-dev       =                    md4c         md4c-dev        md4c
	chafa         libchafa-dev,libglib2.0-dev  =         chafa        chafa-dev       chafa
	libpng        libpng-dev        =                    libpng       libpng-dev      libpng
	libjpeg       libjpeg-dev       =                    libjpeg-turbo  libjpeg-turbo-dev  jpeg-turbo
	ipython       python3-ipython   python3-ipython      ipython      ipython         ipython
	END
}

for keg in /opt/homebrew/opt/ncurses/lib/pkgconfig /usr/local/opt/ncurses/lib/pkgconfig; do
	if [ -d "$keg" ]; then export PKG_CONFIG_PATH="$keg:${PKG_CONFIG_PATH:-}"; fi
done

tools='cc make pkg-config git'
libraries=$(sed -n 's/^[A-Z_]*LIBRARIES := //p' Makefile)
# What nbscope is built without where it is missing, and what tests that ask CPython want.
optional="$(sed -n 's/^EXTRAS := //p' Makefile) python3 ipython"

has() {
	case " $tools python3 " in
	*" $1 "*)
		command -v "$1" >/dev/null 2>&1
		return
		;;
	esac
	case $1 in
	ipython) python3 -c 'import IPython' 2>/dev/null || /usr/bin/python3 -c 'import IPython' 2>/dev/null ;;
	*) command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "$1" 2>/dev/null ;;
	esac
}

missing() { # needs...
	for need; do
		has "$need" || printf '%s ' "$need"
	done
}

# shellcheck disable=SC2086 # lists of words
needs=$(missing $tools $libraries) wishes=$(missing $optional)
if [ -z "$needs$wishes" ]; then
	echo "All that nbscope needs is installed."
	exit 0
fi
echo "Missing: $needs$wishes"

for manager in apt-get dnf zypper pacman apk brew none; do
	if command -v "$manager" >/dev/null 2>&1; then break; fi
done
case $manager in
apt-get) column=2 ;;
dnf | zypper) column=3 ;;
pacman) column=4 ;;
apk) column=5 ;;
brew) column=6 ;;
none)
	echo "No package manager that this script knows: please install these yourself." >&2
	[ -z "$needs" ]
	exit
	;;
esac

packages_for() { # needs...
	for need; do
		names=$(packages | awk -v need="$need" -v column="$column" '$1 == need { print $column }')
		case $names in
		=) printf ' pkgconfig(%s)' "$need" ;;
		-) echo "$need: please install Apple's command line tools with: xcode-select --install" >&2 && exit 1 ;;
		'') echo "tests/deps.sh knows no package for $need." >&2 && exit 1 ;;
		*) printf ' %s' "$(echo "$names" | tr , ' ')" ;;
		esac
	done
}

# shellcheck disable=SC2086
wanted=$(packages_for $needs) || exit 1
# shellcheck disable=SC2086
wished=$(packages_for $wishes) || exit 1

as_root=
if [ "$manager" != brew ] && [ "$(id -u)" != 0 ]; then
	if command -v sudo >/dev/null 2>&1; then
		as_root=sudo
		[ -n "$needs" ] || as_root='sudo -n' # nobody is asked for a password for what can be missing
	elif [ -n "$needs" ]; then
		echo "Please run this as root (there is no sudo here). It would install:$wanted$wished" >&2
		exit 1
	fi
fi

install() { # packages...
	echo "Installing with $manager: $*"
	case $manager in
	apt-get) $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" ;;
	dnf) $as_root dnf install -y "$@" ;;
	zypper) $as_root zypper --non-interactive install --no-recommends "$@" ;;
	pacman) $as_root pacman -Sy --needed --noconfirm "$@" ;;
	apk) $as_root apk add --no-cache "$@" ;;
	brew) brew install "$@" ;;
	esac
}

if [ "$manager" = apt-get ]; then
	$as_root apt-get update -q || echo "Some package lists could not be fetched; trying all the same." >&2
fi
# shellcheck disable=SC2086
[ -z "$needs" ] || install $wanted
# shellcheck disable=SC2086
if [ -n "$wishes" ] && ! install $wished; then
	echo "These could not be installed; nbscope goes without, and the tests that want them will be skipped: $wishes" >&2
fi

# shellcheck disable=SC2086
needs=$(missing $tools $libraries)
if [ -n "$needs" ]; then
	echo "Still missing: $needs" >&2
	exit 1
fi
echo "All that nbscope needs is installed now."
