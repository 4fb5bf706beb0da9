{{- define "alcove.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{/* At most 52 characters: the StatefulSet adds a hash to it for a label that holds 63. */}}
{{- define "alcove.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else if contains (include "alcove.name" .) .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "alcove.name" .) | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "alcove.selectorLabels" -}}
app.kubernetes.io/name: {{ include "alcove.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "alcove.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "alcove.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "alcove.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{- printf "%s@%s" .repository .digest -}}
{{- else -}}
{{- printf "%s:%s" .repository (default $.Chart.AppVersion .tag) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "alcove.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "alcove.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "alcove.authSecretName" -}}
{{- default (include "alcove.fullname" .) .Values.auth.existingSecret -}}
{{- end -}}

{{- define "alcove.authSecretKey" -}}
{{- if .Values.auth.existingSecret -}}{{ .Values.auth.adminKeyName }}{{- else -}}admin-key{{- end -}}
{{- end -}}

{{/* The key that was given; else the one of an earlier install; else a new one. */}}
{{- define "alcove.adminKey" -}}
{{- $there := lookup "v1" "Secret" .Release.Namespace (include "alcove.fullname" .) -}}
{{- if .Values.auth.adminKey -}}
{{- .Values.auth.adminKey -}}
{{- else if and $there (hasKey (default dict $there.data) "admin-key") -}}
{{- index $there.data "admin-key" | b64dec -}}
{{- else -}}
{{- randAlphaNum 48 -}}
{{- end -}}
{{- end -}}
