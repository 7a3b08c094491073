const verbs = ['deploy', 'plan', 'status', 'rollback', 'recover', 'drift', 'ui', 'migrate-v1'];

/** The Makefile of a new project; each recipe is one call of `windlass`. */
export function newMakefile(command: string): string {
  return `.DEFAULT_GOAL := windlass-help\n\n${makeTargets(command)}`;
}

/** The targets alone, for a Makefile that is there already. */
export function makeTargets(command: string): string {
  const targets = verbs.map((verb) => `production-${verb}`);
  return `# Windlass. Flags by ARGS: make production-deploy ARGS='--yes'
WINDLASS ?= ${command}
ARGS ?=

# Another environment takes the same three lines with its name.
.PHONY: ${targets.join(' ')}
${targets.join(' ')}: production-%:
	@$(WINDLASS) $* --environment production $(ARGS)

.PHONY: sandbox-up sandbox-down sandbox-status
sandbox-up sandbox-down sandbox-status: sandbox-%:
	@$(WINDLASS) sandbox $* $(ARGS)

.PHONY: windlass-help
windlass-help:
	@$(WINDLASS) --help
`;
}

/** Whether a Makefile has a target of such a name already. */
export function hasTargets(makefile: string): boolean {
  return /^(production|sandbox|windlass)-[\w%-]+.*:/m.test(makefile);
}
