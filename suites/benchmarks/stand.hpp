#pragma once

#include <map>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <tuple>

#include "cell.hpp"
#include "grounds.hpp"
#include "image.hpp"

/// The content that the grid measures on.
namespace referee::suites::benchmarks {

/// An image with attachments in a repository of its own.
struct Stand {
  Client client;  ///< without delay; what prepared it
  proposals::Subject subject;
  std::size_t count = 0;        ///< attachments
  std::uint64_t discovery = 0;  ///< requests of one discovery of signatures
  std::uint64_t listing = 0;    ///< those of them that were for the list
  /// What a discovery receives, and the sizes of what was attached: manifests as the list describes them, and payloads.
  std::uint64_t discovery_bytes = 0, manifest_bytes = 0, payload_bytes = 0;
  bool sized = true;            ///< the list tells what a request for each manifest receives
  std::size_t image_blobs = 0;  ///< config and layers of the platform that is pulled
  std::size_t attached = 0;     ///< by the benchmark of attaching, so far
};

/// Why a variant cannot be measured.
struct Absent {
  bool unsupported = true;  ///< the target lacks what it needs, or the protocol has such a limit; false: trouble
  std::string reason;       ///< one line
};

/// Makes stands when they are asked for, one for each variant, count and form, and clients with longer ways to them.
class Stands {
 public:
  explicit Stands(Grounds& grounds);

  tl::expected<Stand*, Absent> stand(const Cell& cell);
  /// A client of the cell's stand through a way of its length.
  tl::expected<Client*, Absent> client(const Cell& cell);
  /// A client in a repository that nobody has used.
  tl::expected<Client, Absent> elsewhere(const Cell& cell);
  [[nodiscard]] std::uint64_t seed() const { return grounds_.options().seed; }
  /// `count` signatures of the image from number `first` on.
  [[nodiscard]] std::vector<proposals::Attachment> attachments(std::size_t count, std::size_t first = 0);

 private:
  using Key = std::tuple<std::string, std::size_t, bool, bool>;  ///< variant, count, inlined, is written to
  static Key key_of(const Cell& cell);
  static std::string purpose_of(const Cell& cell);
  tl::expected<std::unique_ptr<Stand>, Absent> make(const Cell& cell);

  Grounds& grounds_;
  std::map<Key, tl::expected<std::unique_ptr<Stand>, Absent>> stands_;
  std::map<std::pair<Key, std::int64_t>, std::unique_ptr<Client>> clients_;
  Image image_;  ///< the same in each
  std::vector<proposals::Attachment> signatures_;
  int others_ = 0;
};

}  // namespace referee::suites::benchmarks
