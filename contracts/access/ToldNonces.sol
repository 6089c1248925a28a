// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

/// @title Nonces whose use is told, so that the logs alone say which one comes next.
abstract contract ToldNonces is Nonces {
    /// @notice Something that `owner` signed was used.
    /// @param nonce The one it was signed with; the next is one more
    event NonceUsed(address indexed owner, uint256 nonce);

    function _useNonce(address owner) internal virtual override returns (uint256 nonce) {
        nonce = super._useNonce(owner);
        emit NonceUsed(owner, nonce);
    }
}
