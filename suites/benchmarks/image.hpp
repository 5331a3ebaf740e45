#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "grounds.hpp"

namespace referee::suites::benchmarks {

/// An index with an image for one platform: what is signed is the index.
struct Image {
  oci::Package package;
  oci::Content index;
  proposals::Subject subject;  ///< known by its tag; `root` is the index as it was pushed
};
/// The same arguments, the same bytes.
Image image_of(std::uint64_t seed, std::string_view label, std::string tag, std::size_t layer_size = 64);
/// Fails with one line unless everything was answered with 201.
tl::expected<void, std::string> push(Client& client, const Image& image);
}  // namespace referee::suites::benchmarks
