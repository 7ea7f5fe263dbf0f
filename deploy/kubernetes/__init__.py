"""Shaodao on Kubernetes: plain manifests below `base/`, written from what the code knows, and kustomize overlays."""
