#!/usr/bin/zsh -f
# complete.zsh SCRIPT: prints what zsh offers for each line of standard input, in
# which a terminal would have pressed TAB: "> LINE", and the words below it.
# compadd, through which every word goes, writes them down.
zmodload zsh/zpty zsh/zselect
out=$(mktemp) setup=$(mktemp)
trap 'rm -f $out $setup; zpty -d z 2>/dev/null' EXIT
cat >$setup <<END
PROMPT= RPROMPT=
unsetopt auto_list auto_menu beep
autoload -Uz compinit && compinit -u -D
source ${(q)1}
bindkey '^I' complete-word
bindkey '^U' kill-whole-line
bindkey '^M' undefined-key
bindkey '^J' undefined-key
zstyle ':completion:*' insert-tab false
compadd() {
	if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
		builtin compadd "\$@"
		return
	fi
	local -a hits
	builtin compadd -A hits "\$@"
	print -rl -- \$hits >>$out
	builtin compadd "\$@"
}
# zsh forgets these functions when it has called them.
finish() { print -r -- end >>$out; comppostfuncs=(finish) }
comppostfuncs=(finish)
print -r -- end >>$out
END
# Waits for the next end, a minute at most.
await() {
	local -i wanted=$1 turns=0
	while (($(grep -cx end $out) < wanted && turns++ < 6000)); do
		zpty -r -t z said 2>/dev/null || zselect -t 1
	done
	((turns < 6000)) || { print -u2 "zsh says nothing"; exit 1 }
}
zpty -b z zsh -f -i
zpty -w z "source $setup"
integer count=1
await $count
while IFS= read -r line; do
	: >$out
	zpty -n -w z $'\x15'"$line"$'\t'
	await 1
	print -r -- "> $line"
	grep -vx -e end -e '' $out
done
exit 0
