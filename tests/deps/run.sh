#!/bin/sh
# What tests/deps.sh asks of each package manager, on a pretended machine on which nothing is installed.
set -u
cd "$(dirname "$0")/../.." || exit 2
passed=0
failed=0
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT

# A PATH with a few real tools and the given stubs. Each stub writes down how it was called; a package manager's
# `installs` bring everything that was missing.
machine() {
	rm -rf "$scratch/bin" "$scratch/log"
	mkdir "$scratch/bin"
	: >"$scratch/log"
	for tool in sh awk sed tr cat dirname env touch; do
		ln -s "$(command -v $tool)" "$scratch/bin/$tool"
	done
	stub id 'echo 0'
	stub python3 '' # with IPython
	for manager; do
		stub "$manager" "echo \"$manager \$*\" >>'$scratch/log'
			case \"\$*\" in *install*|*add*|*-Sy*)
				for tool in cc make pkg-config git; do
					printf '#!/bin/sh\n' >'$scratch/bin/'\$tool && '$(command -v chmod)' +x '$scratch/bin/'\$tool
				done
			esac"
	done
}

stub() {
	rm -f "$scratch/bin/$1"
	printf '#!/bin/sh\n%s\n' "$2" >"$scratch/bin/$1"
	chmod +x "$scratch/bin/$1"
}

# expect NAME STATUS LOG: what the script must return, and how it must have called the stubs.
expect() {
	PATH=$scratch/bin sh tests/deps.sh >"$scratch/printed" 2>&1 </dev/null
	status=$?
	if [ $status -eq "$2" ] && [ "$(cat "$scratch/log")" = "$3" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED $1: status $status (expected $2); called:"
		cat "$scratch/log"
		echo "expected:"
		echo "$3"
		echo "printed:"
		cat "$scratch/printed"
	fi
}

machine apt-get
expect apt 0 'apt-get update -q
apt-get install -q -y --no-install-recommends gcc libc6-dev make pkg-config git libcjson-dev libpcre2-dev libutf8proc-dev libncurses-dev libsqlite3-dev libcmocka-dev
apt-get install -q -y --no-install-recommends libmd4c-dev libchafa-dev libglib2.0-dev libpng-dev libjpeg-dev'

: >"$scratch/log"
expect 'all is there' 0 ''

machine apt-get
stub id 'echo 1000'
stub sudo "echo \"sudo \$*\" >>'$scratch/log'; exec \"\$@\""
expect 'apt with sudo' 0 'sudo apt-get update -q
apt-get update -q
sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends gcc libc6-dev make pkg-config git libcjson-dev libpcre2-dev libutf8proc-dev libncurses-dev libsqlite3-dev libcmocka-dev
apt-get install -q -y --no-install-recommends gcc libc6-dev make pkg-config git libcjson-dev libpcre2-dev libutf8proc-dev libncurses-dev libsqlite3-dev libcmocka-dev
sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends libmd4c-dev libchafa-dev libglib2.0-dev libpng-dev libjpeg-dev
apt-get install -q -y --no-install-recommends libmd4c-dev libchafa-dev libglib2.0-dev libpng-dev libjpeg-dev'

machine apt-get
stub id 'echo 1000'
expect 'neither root nor sudo' 1 ''

machine dnf
expect dnf 0 'dnf install -y gcc make /usr/bin/pkg-config git pkgconfig(libcjson) pkgconfig(libpcre2-8) pkgconfig(libutf8proc) pkgconfig(ncursesw) pkgconfig(sqlite3) pkgconfig(cmocka)
dnf install -y pkgconfig(md4c) pkgconfig(chafa) pkgconfig(libpng) pkgconfig(libjpeg)'
machine zypper
expect zypper 0 'zypper --non-interactive install --no-recommends gcc make /usr/bin/pkg-config git pkgconfig(libcjson) pkgconfig(libpcre2-8) pkgconfig(libutf8proc) pkgconfig(ncursesw) pkgconfig(sqlite3) pkgconfig(cmocka)
zypper --non-interactive install --no-recommends pkgconfig(md4c) pkgconfig(chafa) pkgconfig(libpng) pkgconfig(libjpeg)'
machine pacman
expect pacman 0 'pacman -Sy --needed --noconfirm gcc make pkgconf git cjson pcre2 libutf8proc ncurses sqlite cmocka
pacman -Sy --needed --noconfirm md4c chafa libpng libjpeg-turbo'
machine apk
expect apk 0 'apk add --no-cache gcc musl-dev make pkgconf git cjson-dev pcre2-dev utf8proc-dev ncurses-dev sqlite-dev cmocka-dev
apk add --no-cache md4c-dev chafa-dev libpng-dev libjpeg-turbo-dev'

machine brew
for tool in cc make git; do stub $tool ''; done
expect brew 0 'brew install pkgconf cjson pcre2 utf8proc ncurses sqlite cmocka
brew install md4c chafa libpng jpeg-turbo'

machine
expect 'no package manager' 1 ''

# An installation that brings nothing is no success.
machine
stub apt-get "echo \"apt-get \$1\" >>'$scratch/log'"
expect 'still missing' 1 'apt-get update
apt-get install
apt-get install'

echo "# deps: $passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
