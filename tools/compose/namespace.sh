# Creates the namespace and the search attributes that Windlass writes; safe to run again.
set -eu
temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 90d

attributes() {
  temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE"
}

# The server's parts learn of a new namespace one after the other, within about ten seconds.
tries=0
until known=$(attributes 2>/dev/null); do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || { attributes; exit 1; }
  sleep 1
done

for name in Environment Phase Release; do
  case $known in
    *"$name"*) ;;
    *) temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" \
      --name "$name" --type Keyword ;;
  esac
done
