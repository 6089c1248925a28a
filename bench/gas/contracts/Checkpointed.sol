// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

/// @dev Past balances the usual way: one OpenZeppelin checkpoint for each party of each transfer.
contract Checkpointed is ERC1155("ipfs://x/{id}") {
    using Checkpoints for Checkpoints.Trace208;

    mapping(uint256 id => mapping(address holder => Checkpoints.Trace208)) private _history;

    function mint(address to, uint256 id, uint256 value) external {
        _mint(to, id, value, "");
    }

    function balanceAt(address holder, uint256 id, uint48 second) external view returns (uint256) {
        return _history[id][holder].upperLookupRecent(second);
    }

    function _update(address from, address to, uint256[] memory ids, uint256[] memory values) internal override {
        super._update(from, to, ids, values);
        for (uint256 i = 0; i < ids.length; ++i) {
            if (from != address(0)) _push(ids[i], from);
            if (to != address(0)) _push(ids[i], to);
        }
    }

    function _push(uint256 id, address holder) private {
        _history[id][holder].push(uint48(block.timestamp), uint208(balanceOf(holder, id)));
    }
}
