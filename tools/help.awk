# Prints the Makefile's help: `##@ Section`, `target: ... ## text`, `#: target  text`.
# A rule that begins with $(call each,VERB) stands for one target in every environment.
BEGIN { print "make TARGET [ARGS='flags of the command']" }

/^##@ Environments/ { next }
/^##@ / { flush_environments(); printf "\n%s\n", substr($0, 5); next }
/^#: / { name = $2; sub(/^#: +[^ ]+ +/, ""); line(name, $0); next }
/^\$\(call each,[a-z0-9-]+\):.*## / {
  verb = $0; sub(/^\$\(call each,/, "", verb); sub(/\).*/, "", verb)
  sub(/.*## /, "")
  verbs[++count] = verb; texts[count] = $0
  next
}
/^[a-z][a-z-]*:.*## / { name = $1; sub(/:$/, "", name); sub(/.*## /, ""); line(name, $0) }

END {
  print "\nmake ends with 2 whatever went wrong; bin/windlass takes the same commands and ends with"
  print "the exact code (bin/windlass --help lists the codes)."
}

function line(name, text) { printf "  %-23s %s\n", name, text }

function flush_environments(   i) {
  if (!count) return
  print "\nProduction"
  for (i = 1; i <= count; i++) line("production-" verbs[i], texts[i])
  print "\nStaging"
  for (i = 1; i <= count; i++) line("staging-" verbs[i], texts[i])
  count = 0
}
