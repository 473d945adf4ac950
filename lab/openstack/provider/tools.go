//go:build tools

// Package tools pins what the lab builds from source.
package tools

import _ "github.com/terraform-provider-openstack/terraform-provider-openstack"
