#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace referee::registry {

// The folder of a disk store, as image-layout.md of the image-spec has it. Errors are one line that names the folder or
// file and says what to do.

/// Looks, and changes nothing: true for a store that a server made before, false for a folder that is absent, empty or
/// was left half made. Fails on any other: a layout without our journal would lose its index.json to ours.
tl::expected<bool, std::string> is_store(const std::string& folder);

/// Makes what is missing of the folders, the journal and oci-layout.
tl::expected<void, std::string> make_layout(const std::string& folder);

/// The digests that index.json names; none if there is no such file.
tl::expected<std::vector<std::string>, std::string> read_index(const std::string& folder);

/// By write-and-rename: a reader sees the old or the new text.
bool replace_file(const std::string& path, const std::string& text);

/// Where the journal of a store is.
std::string journal_path(const std::string& folder);

}  // namespace referee::registry
