#pragma once

#include <string>
#include <vector>

#include "connection.hpp"

namespace referee::imitation {

/// What a manifest or index names. Fields that it does not have are empty.
struct Document {
  std::vector<oci::Descriptor> manifests;  ///< of an index
  std::vector<oci::Descriptor> blobs;      ///< config, then layers
  std::string subject;                     ///< its digest
  std::string artifact_type;               ///< `artifactType`, or of an image manifest its config's media type
  oci::Annotations annotations;
};

/// Fails on what is no JSON object, nests too deeply, or has a descriptor that is none.
Done<Document> read_document(const oci::Content& manifest);

bool is_index(const oci::Content& content);

}  // namespace referee::imitation
