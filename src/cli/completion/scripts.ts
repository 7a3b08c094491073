/** Shells that can complete. */
export const shells = ['bash', 'zsh', 'fish'] as const;

/** By shell: a script that asks the very program on the line what may come next. */
export const scripts: Readonly<Record<(typeof shells)[number], string>> = {
  bash: `# Completion of windlass for bash: source <(windlass completion bash)
_windlass() {
  local IFS=$'\\n'
  COMPREPLY=($("\${COMP_WORDS[0]}" complete-line -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _windlass windlass`,
  zsh: `#compdef windlass
# Completion of windlass for zsh: source <(windlass completion zsh), after compinit
_windlass() {
  local -a found
  found=("\${(@f)$("\${words[1]}" complete-line -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -a found; else _files; fi
}
if [[ "\${funcstack[1]}" = _windlass ]]; then _windlass "$@"; else compdef _windlass windlass; fi`,
  fish: `# Completion of windlass for fish: windlass completion fish | source
function __windlass_complete
  set -l before (commandline -opc)
  set -l program $before[1]
  set -e before[1]
  $program complete-line -- $before (commandline -ct | string collect --allow-empty) 2>/dev/null
end
complete -c windlass -f -a '(__windlass_complete)'`,
};
