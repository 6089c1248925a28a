// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ITerraLuminaOwnership} from "../ITerraLuminaOwnership.sol";

/// @title Signatures of owners, keys or ERC-1271 contracts. Linked, because it is called rarely.
library Permits {
    function requireSigned(address owner, bytes32 digest, bytes calldata signature) external view {
        if (!SignatureChecker.isValidSignatureNowCalldata(owner, digest, signature)) {
            revert ITerraLuminaOwnership.InvalidPermit(owner);
        }
    }
}
