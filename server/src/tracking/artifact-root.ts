/** Folder of a run's files among the artifacts: `7/0af…/artifacts`; the URI says so too. */
export function artifactRoot(run: { artifact_uri: string }): string {
  return run.artifact_uri.replace(/^mlflow-artifacts:\/+/, '');
}
