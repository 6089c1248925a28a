// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";
import {TerraLuminaOwnership} from "../TerraLuminaOwnership.sol";
import {TerraLuminaVault} from "../TerraLuminaVault.sol";

/// @dev A holder that tries, in the middle of what it receives, whatever a holder may do.
contract MeddlingHolder is ERC1155Holder {
    TerraLuminaOwnership private _ledger;
    TerraLuminaVault private _vault;
    address private _friend;

    constructor(TerraLuminaOwnership ledger, TerraLuminaVault vault, address friend) {
        (_ledger, _vault, _friend) = (ledger, vault, friend);
    }

    function onERC1155Received(address a, address from, uint256 id, uint256 units, bytes memory data)
        public
        override
        returns (bytes4)
    {
        address[] memory holders = new address[](2);
        (holders[0], holders[1]) = (address(this), _friend);
        uint256[] memory ids = new uint256[](1);
        ids[0] = id;
        try _ledger.safeTransferFrom(address(this), _friend, id, units, "") {
            revert("moved in the middle of a move");
        } catch {}
        try _ledger.exitBatch(id, holders) {
            revert("exited in the middle of a move");
        } catch {}
        try _ledger.moveHoldings(_friend, ids) {} catch {}
        try _ledger.finalizeExit(id) {} catch {}
        try _vault.claimFor(uint24(id), address(this)) {} catch {}
        return super.onERC1155Received(a, from, id, units, data);
    }
}
