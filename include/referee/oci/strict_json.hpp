#pragma once

#include <optional>
#include <string>
#include <string_view>

/// For files that are signed, or that decide what is judged: readers must not differ in what they read from them.
namespace referee::oci {

/// The first name that an object in the text has twice: readers differ in which value they take. nullopt if there is
/// none, and for text that is no JSON. Takes no depth for granted: is_deeper_than() comes first.
std::optional<std::string> repeated_name(std::string_view text);

/// A name that somebody else chose, in a sentence: in backquotes, or described where it cannot be shown whole. Never
/// empty, and one line of printable ASCII.
std::string name_in_words(std::string_view name);

}  // namespace referee::oci
