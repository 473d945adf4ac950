//go:build tools

// Package tools pins what the lab builds from source.
package tools

import _ "github.com/opentofu/opentofu/cmd/tofu"
