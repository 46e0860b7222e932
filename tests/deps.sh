#!/bin/sh
# Installs what building and testing nbscope needs with the system's own package manager: apt, dnf, zypper, pacman, apk
# or Homebrew; as root, or through sudo. Asks nothing; where all is there it says so and touches nothing.
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
	END
}

for keg in /opt/homebrew/opt/ncurses/lib/pkgconfig /usr/local/opt/ncurses/lib/pkgconfig; do
	if [ -d "$keg" ]; then export PKG_CONFIG_PATH="$keg:${PKG_CONFIG_PATH:-}"; fi
done

tools='cc make pkg-config git'
libraries=$(sed -n 's/^[A-Z_]*LIBRARIES := //p' Makefile)

has() {
	case " $tools " in
	*" $1 "*) command -v "$1" >/dev/null 2>&1 ;;
	*) command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "$1" 2>/dev/null ;;
	esac
}

missing() {
	for need in $tools $libraries; do
		has "$need" || printf '%s ' "$need"
	done
}

needs=$(missing)
if [ -z "$needs" ]; then
	echo "All that nbscope needs is installed."
	exit 0
fi
echo "Missing: $needs"

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
	exit 1
	;;
esac

wanted=
for need in $needs; do
	names=$(packages | awk -v need="$need" -v column="$column" '$1 == need { print $column }')
	case $names in
	=) wanted="$wanted pkgconfig($need)" ;;
	-) echo "$need: please install Apple's command line tools with: xcode-select --install" >&2 && exit 1 ;;
	'') echo "tests/deps.sh knows no package for $need." >&2 && exit 1 ;;
	*) wanted="$wanted $(echo "$names" | tr , ' ')" ;;
	esac
done

as_root=
if [ "$manager" != brew ] && [ "$(id -u)" != 0 ]; then
	if ! command -v sudo >/dev/null 2>&1; then
		echo "Please run this as root (there is no sudo here). It would install:$wanted" >&2
		exit 1
	fi
	as_root=sudo
fi

echo "Installing with $manager:$wanted"
# shellcheck disable=SC2086 # these are lists of words
case $manager in
apt-get)
	$as_root apt-get update -q || echo "Some package lists could not be fetched; trying all the same." >&2
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $wanted
	;;
dnf) $as_root dnf install -y $wanted ;;
zypper) $as_root zypper --non-interactive install --no-recommends $wanted ;;
pacman) $as_root pacman -Sy --needed --noconfirm $wanted ;;
apk) $as_root apk add --no-cache $wanted ;;
brew) brew install $wanted ;;
esac

needs=$(missing)
if [ -n "$needs" ]; then
	echo "Still missing: $needs" >&2
	exit 1
fi
echo "All that nbscope needs is installed now."
